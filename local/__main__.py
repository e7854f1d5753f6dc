"""The commands behind `make start`, `stop`, `reset`, `logs`, `invoke` and `sam-local`."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time

from jmpy.gateway import cors
from local import dns_zone, emulator_process, invoke, log_tail, mail, ports, sam_local
from local.deploy import DeployFailed
from local.dns_zone import InvalidRecord
from local.doctor import diagnosis
from local.emulator_process import EmulatorFailed
from local.invoke import NoSuchEvent
from local.ports import PortUnusable
from local.sam_local import NoContainers
from local.stack import LocalStack, NotResponding
from ops import private, stack_env, terminal
from ops.deployment import StackNotFound
from ops.stack_env import STATE_DIR, NoLocalStack, StackEnv

_ORIGIN = re.compile(
    r"(https://[a-z0-9.-]+|http://([a-z0-9-]+\.)*localhost|http://127\.0\.0\.1)(:[0-9]{1,5})?"
)
_DOMAIN = re.compile(r"([a-z0-9-]+\.)+[a-z0-9-]+", re.IGNORECASE)


class FunctionFailed(Exception):
    """An invoked function raised; the traceback is in its log."""


class SamLocalFailed(Exception):
    """The SAM CLI ended on its own, after printing the reason."""


@terminal.guarded
def main() -> int:
    parser = argparse.ArgumentParser(prog="local", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    start = commands.add_parser("start", help="start the stack, or bring it up to date")
    start.add_argument(
        "--port", type=ports.number, default=ports.DEFAULT, help="default: %(default)s"
    )
    start.add_argument(
        "--allowed-origins",
        type=origins,
        default="",
        help="origins whose pages may call the API, with commas between them",
    )
    start.add_argument(
        "--own-domains",
        type=domains,
        default="",
        help="further names of the default domain, with commas between them",
    )
    start.set_defaults(run=_start, choose="make start PORT=8081")
    for name, run, text in (
        ("stop", _stop, "stop the stack; links and keys are retained"),
        ("reset", _reset, "stop the stack and forget everything in it"),
        ("logs", _logs, "follow the functions' logs and the access log"),
        ("mail", _mail, "show the mail that was sent, which never leaves this machine"),
    ):
        commands.add_parser(name, help=text).set_defaults(run=run)
    records = commands.add_parser(
        "dns", help="list, add or remove the DNS records of branded domains"
    )
    records.add_argument("--name", default="", help="such as _jmpy.go.acme.test")
    records.add_argument("--type", default="", help="TXT, CNAME, A or AAAA")
    records.add_argument("--value", default="", help="none: removes the records of name and type")
    records.set_defaults(run=_dns)
    invocation = commands.add_parser("invoke", help="run a function on an event of events/")
    invocation.add_argument("function", help="its folder in functions/")
    invocation.add_argument("event", help="name of the event")
    invocation.set_defaults(run=_invoke)
    containers = commands.add_parser("sam-local", help="serve the API in containers, by SAM")
    containers.add_argument("--port", type=ports.number, default=3000, help="default: %(default)s")
    containers.add_argument(
        "--skip-pull-image", action="store_true", help="use the runtime's image that is there"
    )
    containers.set_defaults(run=_sam_local, choose="make sam-local SAM_PORT=3001")
    options = parser.parse_args()
    try:
        options.run(options)
    except PortUnusable as error:
        print(f"error: {error}; choose another: {options.choose}", file=sys.stderr)
        _diagnose(options)
        return 1
    except (
        EmulatorFailed,
        DeployFailed,
        FunctionFailed,
        InvalidRecord,
        NoContainers,
        NoLocalStack,
        NoSuchEvent,
        NotResponding,
        SamLocalFailed,
        StackNotFound,
    ) as error:
        print(f"error: {error}", file=sys.stderr)
        _diagnose(options)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _start(options: argparse.Namespace) -> None:
    started = time.monotonic()
    running = emulator_process.running(STATE_DIR)
    if running and running.public_port != options.port:
        print(f"The stack already runs on port {running.public_port} ('make stop' ends it).")
    stack = LocalStack(STATE_DIR, lambda text: print(f"- {text} ...", flush=True))
    env = stack.start(options.port, options.allowed_origins, options.own_domains)
    print(_WELCOME.format(seconds=time.monotonic() - started, env=env, short=_curl(env)))


def _diagnose(options: argparse.Namespace) -> None:
    """Why `make start` may have failed."""
    if options.run is _start:
        for finding in diagnosis.problems(options.port):
            print(finding, file=sys.stderr)
        print("'make doctor' checks everything that Jmpy needs of this machine.", file=sys.stderr)


def origins(text: str) -> str:
    """For argparse. CloudFormation checks the template's own rule."""
    wrong = [origin for origin in cors.parse(text) if not _ORIGIN.fullmatch(origin)]
    if wrong:
        raise argparse.ArgumentTypeError(
            f"an origin is https:// and a host, or http://localhost:5173, not {wrong[0]!r}"
        )
    return text


def domains(text: str) -> str:
    """For argparse: names as a browser sends them, without a port."""
    wrong = [name for name in text.split(",") if text and not _DOMAIN.fullmatch(name)]
    if wrong:
        raise argparse.ArgumentTypeError(
            f"a host name is like go.example.com, without a port, not {wrong[0]!r}"
        )
    return text


def _curl(env: StackEnv) -> str:
    return (
        "  # Paste this first\n"
        "  set -a; . .local/stack.env; set +a\n\n"
        "  # List your short URLs\n"
        '  curl "$JMPY_BASE_URL/api/v1/short-urls" -H "Authorization: Bearer $JMPY_API_KEY"\n\n'
        "  # Create one\n"
        '  curl "$JMPY_BASE_URL/api/v1/short-urls" -H "Authorization: Bearer $JMPY_API_KEY" \\\n'
        '    -H "Content-Type: application/json" -d \'{"url": "https://example.com/"}\'\n\n'
        "  # The same key in another header\n"
        f'  curl "{env.base_url}/api/v1/short-urls" -H "X-API-Key: $JMPY_API_KEY"'
    )


_WELCOME = """
Jmpy responds after {seconds:.0f} seconds.

  Base URL   {env.base_url}
  Demo key   {env.api_key}
  Dashboard  {env.dashboard_url}
  Reference  {env.base_url}/docs
  Sign in    {env.dashboard_email}  {env.dashboard_password}

{short}

All values are in .local/stack.env. 'make key' creates more keys, 'make logs' follows the logs,
'make stop' stops the stack and keeps its data, 'make reset' deletes it.
"""


def _stop(_options: argparse.Namespace) -> None:
    was_running = emulator_process.running(STATE_DIR) is not None
    LocalStack(STATE_DIR, print).stop()
    print("Stopped; links and keys are retained." if was_running else "The stack is not running.")


def _reset(_options: argparse.Namespace) -> None:
    LocalStack(STATE_DIR, print).reset()
    print("The local stack and its data are gone; 'make start' makes a new one.")


def _logs(_options: argparse.Namespace) -> None:
    if emulator_process.running(STATE_DIR) is None:
        raise NoLocalStack
    log_tail.follow(stack_env.read().deployment())


def _mail(_options: argparse.Namespace) -> None:
    if emulator_process.running(STATE_DIR) is None:
        raise NoLocalStack
    for sent in mail.sent(stack_env.read()):
        print(f"To: {', '.join(sent['To'])}\nSubject: {sent['Subject']}\n\n{sent['BodyText']}\n")


def _dns(options: argparse.Namespace) -> None:
    if emulator_process.running(STATE_DIR) is None:
        raise NoLocalStack
    file = STATE_DIR / "dns"
    zone = dns_zone.read(file)
    if options.name:
        zone = dns_zone.changed(zone, options.name, options.type, options.value)
        private.write(file, dns_zone.written(zone))
    print(dns_zone.written(zone) or "There are no records.", end="\n" if not zone else "")


def _invoke(options: argparse.Namespace) -> None:
    """The response on standard output, the log on standard error."""
    env = stack_env.read()
    event = invoke.read(options.function, options.event, invoke.values(env))
    done = invoke.invoke(env.deployment(), options.function, event)
    print(done.log, file=sys.stderr)
    print(json.dumps(done.payload, indent=2))
    if done.failed:
        raise FunctionFailed(f"{options.function} failed on {options.event}")


def _sam_local(options: argparse.Namespace) -> None:
    status = sam_local.run(stack_env.read(), options.port, pull=not options.skip_pull_image)
    if status:
        raise SamLocalFailed(f"sam local start-api ended with status {status}")


if __name__ == "__main__":
    sys.exit(main())
