"""Creates the usage plan key of a new account, for the default plan.

Invoked by functions, never by a client. API Gateway has no narrower permission than to create keys
in the whole AWS account, so only this function has it, and does nothing else.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from aws_lambda_powertools import Logger

from jmpy.accounts.errors import InvalidAccountId
from jmpy.accounts.registration import ACCOUNT_ID
from jmpy.accounts.usage_plan_keys import UsagePlanKeys
from jmpy.aws import clients
from jmpy.settings import FunctionSettings


@dataclass(frozen=True)
class Settings(FunctionSettings):
    usage_plans: str
    stack_id: str
    new_accounts_identifier: str
    shared_free_keys: int


settings = Settings.from_environment()
logger = Logger()
edge = UsagePlanKeys(
    clients.api_gateway,
    settings.stack_id,
    lambda: settings.usage_plans,
    settings.new_accounts_identifier,
    shared=settings.shared_free_keys,
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """The identifier of the key, which the authorizer returns, and that of the key that it returns
    until API Gateway has applied the new one. Neither is secret. Can be repeated.

    Raises InvalidAccountId.
    """
    account_id = event.get("account_id")
    if not isinstance(account_id, str) or not ACCOUNT_ID.fullmatch(account_id):
        raise InvalidAccountId(str(account_id))
    admitted = edge.admit_new(account_id)
    logger.info("usage plan key", account_id=account_id)
    interim = admitted.interim and asdict(admitted.interim)
    return {"identifier": admitted.identifier, "interim": interim}
