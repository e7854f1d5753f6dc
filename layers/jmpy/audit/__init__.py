"""The audit log: every change of keys, plans and alert settings, with who made it and from where.
An entry is written in the transaction of its change, and neither changed nor deleted afterwards."""
