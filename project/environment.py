"""The variables of the environment that template.yaml sets for functions, with sample values."""

from __future__ import annotations

from project import template
from project.tables import (
    ACTIVITY_RETRY_QUEUE_URL,
    ALERT_TOPIC,
    ALERTS_QUEUE_URL,
    CLICKS_QUEUE_URL,
    DOMAIN_REMOVALS_QUEUE_URL,
    LINK_CHECKS_QUEUE_URL,
    OWNER_MAILS_QUEUE_URL,
    SAFE_BROWSING_KEY,
    VARIABLES,
)


def sample() -> dict[str, str]:
    """Of all functions together: for each, its own and more."""
    return {
        **VARIABLES,
        "ACCESS_LOG_DAYS": "30",
        "ACTIVITY_RETRY_QUEUE_URL": ACTIVITY_RETRY_QUEUE_URL,
        "ALERTS_QUEUE_URL": ALERTS_QUEUE_URL,
        "ALERT_TOPIC": ALERT_TOPIC,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "BASE_URL": "https://go.example.com",
        "BRANDED_TARGET_ZONE": "cname.example.net",
        "CLICKS_QUEUE_URL": CLICKS_QUEUE_URL,
        "CLICK_DETAIL_DAYS": "30",
        "CLOSED_IDENTIFIER": "closed-1",
        "DNS_RESOLVERS": "http://127.0.0.1:1/resolve,http://127.0.0.1:2/resolve",
        "DOMAIN_HOSTING": "manual",
        "DOMAIN_TENANTS_FUNCTION": "domain-tenants",
        "DOMAIN_REMOVALS_QUEUE_URL": DOMAIN_REMOVALS_QUEUE_URL,
        "EDGE_KEY_FUNCTION": "edge-key",
        "ID_TOKEN_FUNCTION": "id-token",
        "LINK_CHECKS_QUEUE_URL": LINK_CHECKS_QUEUE_URL,
        "NEW_ACCOUNTS_IDENTIFIER": "new-accounts-1",
        "NOTICE_SENDER": "",
        "OWNER_MAILS_QUEUE_URL": OWNER_MAILS_QUEUE_URL,
        "BRANDED_DOMAINS": "off",
        "PLANS": template.plans(),
        "PREFLIGHT_IDENTIFIER": "preflight-1",
        "SAFE_BROWSING_KEY_PARAMETER": SAFE_BROWSING_KEY,
        "SAFE_BROWSING_URL": "http://127.0.0.1:1/",
        "SCANNER_KEYS_URL": "https://scanner.example/keys",
        "SHARED_FREE_KEYS": "0",
        "SIGN_IN_CLIENT_PARAMETER": "/jmpy/sign-in-client-id",
        "SIGN_IN_ISSUER": "https://pool.example",
        "SIGN_IN_URL": "https://sign-in.example",
        "STACK_ID": "stack-1",
        "STACK_NAME": "jmpy",
        "SUBDOMAIN_ZONE": "go.example.com",
        "TENANT_CONNECTION_GROUP_ID": "cg_1",
        "TENANT_DISTRIBUTION_ID": "E1TENANTS",
        "TEST_DOMAINS": "false",
        "URL_SUFFIX": "amazonaws.com",
        "USAGE_PLANS": "{}",
        "USER_POOL_ID": "eu-west-1_sample",
    }
