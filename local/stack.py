"""The local stack: the emulator, the deployed template, a demo user with an account and a key.

Everything it stores is in one state folder; the tests run a second stack from a folder of their
own.
"""

from __future__ import annotations

import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jmpy.access.permission import Permission
from jmpy.gateway import cors
from jmpy.keys import token
from local import demo_user, deploy, emulator_process, mail, state_lock
from local.emulator import name_server
from local.emulator_process import Emulator
from ops import deployment, private, stack_env
from ops.stack_env import StackEnv

STACK_NAME = "jmpy-local"  # as in samconfig.toml
SUBDOMAIN_ZONE = "short.localhost"
"""In which browsers find every name on this machine."""
_RESPONSE_SECONDS = 60.0

Report = Callable[[str], None]


class NotResponding(Exception):
    """The stack is deployed, but a request with a valid key does not return 200."""


@dataclass(frozen=True)
class LocalStack:
    state_dir: Path
    report: Report

    def start(self, port: int, allowed_origins: str = "", own_domains: str = "") -> StackEnv:
        """Brings the stack up, or up to date, when no other command is about to. `port` is that of
        its public address; `allowed_origins` and `own_domains` are the template's parameters
        AllowedOrigins and OwnDomains.

        Raises PortUnusable, EmulatorFailed, DeployFailed, NotResponding.
        """
        with state_lock.held(self.state_dir, self.report):
            return self._start(port, allowed_origins, own_domains)

    def _start(self, port: int, allowed_origins: str, own_domains: str) -> StackEnv:
        known = self._known()
        emulator = self._start_emulator(port, known)
        origins = sorted(cors.parse(allowed_origins))
        self._deploy(
            emulator,
            f"PublicBaseUrl={emulator.base_url} SignInUrl={emulator.endpoint} "
            f'NoticeSender={mail.SENDER} AllowedOrigins="{",".join(origins)}" '
            # TenantDistributionId is of no distribution: so that the role is as on AWS.
            f'OwnDomains="{own_domains}" SubdomainZone={SUBDOMAIN_ZONE} '
            "TenantDistributionId=LOCAL "
            f"BrandedDomains=manual BrandedTargetZone=cname.{SUBDOMAIN_ZONE} TestDomains=true "
            f"DnsResolvers={emulator.endpoint}{name_server.PATH}",
        )
        # The emulator rejects all others.
        private.write(self.state_dir / "origins", "\n".join(origins))
        target = _found(emulator)
        mail.verify_sender(target)
        password = known.dashboard_password if known else demo_user.new_password()
        account = demo_user.ensure(target, password)
        env = StackEnv(
            base_url=emulator.base_url,
            api_key=self._demo_key(target, account, known),
            endpoint=emulator.endpoint,
            credentials=emulator.credentials,
            stack=STACK_NAME,
            account=account,
            dashboard_email=demo_user.EMAIL,
            dashboard_password=password,
        )
        stack_env.write(env, self.state_dir)
        _await_response(env)
        return env

    def _start_emulator(self, public_port: int, known: StackEnv | None) -> Emulator:
        stamp = self.state_dir / "emulator"
        expected = deploy.emulator_fingerprint()
        running = emulator_process.running(self.state_dir)
        if running and (not stamp.exists() or stamp.read_text() != expected):
            self.report("Restarting the AWS emulator, which is of an earlier version")
            emulator_process.stop(self.state_dir)
            public_port, running = running.public_port, None
        if running is None:
            self.report("Starting the AWS emulator")
        emulator = emulator_process.start(
            deploy.EMULATOR_PYTHON,
            public_port,
            self.state_dir,
            port=known.emulator_port if known else None,  # else everything would be deployed again
        )
        private.write(stamp, expected)
        return emulator

    def stop(self) -> None:
        """Stops the emulator, which saves its state."""
        with state_lock.held(self.state_dir, self.report):
            emulator_process.stop(self.state_dir)

    def reset(self) -> None:
        """Stops the emulator, and discards its state."""
        with state_lock.held(self.state_dir, self.report):
            emulator_process.stop(self.state_dir)
            for path in self.state_dir.iterdir():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                elif path.name != state_lock.NAME:
                    path.unlink()

    def _deploy(self, emulator: Emulator, parameters: str) -> None:
        stamp = self.state_dir / "deployed"
        expected = deploy.fingerprint(parameters)
        if stamp.exists() and stamp.read_text() == expected and _has_stack(emulator):
            return
        build_dir = self.state_dir / "build"
        self.report("Building the functions and layers (sam build)")
        deploy.build(build_dir)
        self.report("Deploying template.yaml (sam deploy)")
        deploy.deploy(build_dir, emulator.endpoint, emulator.credentials, parameters)
        private.write(stamp, expected)

    def _known(self) -> StackEnv | None:
        """What the last start created."""
        try:
            return stack_env.read(self.state_dir)
        except stack_env.NoLocalStack:
            return None

    def _demo_key(self, target: deployment.Deployment, account: str, known: StackEnv | None) -> str:
        """The key of the last start while it still works, else a new one."""
        keys = target.keys
        if known is not None:
            working = [key.digest for key in keys.of_account(account)
                       if not key.inactive_reason(time.time())]  # fmt: skip
            if token.digest(known.api_key) in working:
                return known.api_key
        self.report("Creating a demo user, its account and its key")
        operator = target.operator
        target.accounts.ensure(account, by=operator)
        return keys.create(account, "Demo", list(Permission), by=operator).secret


def _found(emulator: Emulator) -> deployment.Deployment:
    """Raises StackNotFound."""
    return deployment.find(STACK_NAME, emulator.credentials.session(), emulator.endpoint)


def _has_stack(emulator: Emulator) -> bool:
    """Not after a crash: the emulator saves its state only when it is stopped."""
    try:
        _found(emulator)
    except deployment.StackNotFound:
        return False
    return True


def _await_response(env: StackEnv) -> None:
    """Until a request with the demo key returns 200."""
    request = urllib.request.Request(
        f"{env.base_url}/api/v1/short-urls", headers={"Authorization": f"Bearer {env.api_key}"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + _RESPONSE_SECONDS
    while True:
        try:
            with opener.open(request, timeout=30):
                return
        except urllib.error.HTTPError as error:
            response = f"{error.code} {error.read().decode(errors='replace')}"
        if time.monotonic() > deadline:
            raise NotResponding(
                f"The stack is deployed but responds with {response}; see 'make logs'"
            )
        time.sleep(0.2)
