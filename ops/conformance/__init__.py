"""What AWS was recorded to do, as data, and a run that compares a stack with it.

The stack is template.yaml's, on the emulator (`local/conformance`) or on AWS (`__main__`). Nothing
here reads or writes the product's stack.
"""
