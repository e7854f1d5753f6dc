"""MiniStack lets everybody in: shown on the plain emulator, closed by the adapter before it.

On AWS services answer signed requests only, from anywhere; a machine of one's own has more to lose.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import boto3
import pytest
import urllib3
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from local import emulator_process
from local.emulator_process import Adapters, Emulator
from local.ports import free_port
from tests.emulator.gap_stack import REGION, Stack, client, deploy

FUNCTIONS = "/2015-03-31/functions/"
ACCOUNT = "111111111111"
FOREIGN = "https://page.example"


@pytest.fixture(scope="module")
def plain(emulator_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Open to everybody, and so for these tests only."""
    state_dir = tmp_path_factory.mktemp("plain")
    try:
        yield emulator_process.start(
            emulator_python, free_port(), state_dir, adapters=Adapters.NONE
        )
    finally:
        emulator_process.stop(state_dir)


def ask(
    on: Emulator | Stack, path: str, method: str = "GET", body: Any = b"", **headers: str
) -> urllib3.BaseHTTPResponse:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return urllib3.request(
        method, f"{on.endpoint}{path}", headers=sent, body=body, retries=False, redirect=False,
        timeout=30,
    )  # fmt: skip


def signed(
    on: Emulator | Stack,
    path: str,
    key: Credentials,
    service: str = "lambda",
    method: str = "GET",
    **unsigned: str,
) -> int:
    """The status; `unsigned` are headers that the signature does not cover."""
    body = b"{}" if method == "POST" else b""
    request = AWSRequest(method, f"{on.endpoint}{path}", data=body)
    SigV4Auth(key, service, REGION).add_auth(request)
    headers = {name.replace("-", "_"): value for name, value in request.headers.items()}
    return ask(on, path, method, body, **headers, **unsigned).status


def root(on: Emulator | Stack) -> Credentials:
    return Credentials(on.credentials.key_id, on.credentials.secret)


# ---------------------------------------------------------------- who signed


FORGED = {
    "MiniStack's own": Credentials("test", "test"),
    "twelve digits": Credentials(ACCOUNT, "test"),
    "twelve digits and no secret": Credentials(ACCOUNT, "anything"),
}


@pytest.mark.parametrize("forged", FORGED)
def test_forged_signatures_plain_emulator_takes_them(plain: Emulator, forged: str) -> None:
    assert signed(plain, FUNCTIONS, FORGED[forged]) == 200


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("service", ["lambda", "s3", "sts", "dynamodb", "iam"])
def test_forged_signatures_adapted(adapted: Stack, forged: str, service: str) -> None:
    assert signed(adapted, FUNCTIONS, FORGED[forged], service) in {400, 403}


def test_root_with_another_secret_is_nobody(plain: Emulator, adapted: Stack) -> None:
    assert signed(plain, FUNCTIONS, Credentials(plain.credentials.key_id, "guessed")) == 200
    wrong = Credentials(adapted.credentials.key_id, "guessed")
    assert signed(adapted, FUNCTIONS, wrong) == 403
    assert signed(adapted, FUNCTIONS, root(adapted)) == 200


def test_twelve_digits_with_the_drawn_secret_are_that_account(adapted: Stack) -> None:
    sts = boto3.client(
        "sts", endpoint_url=adapted.endpoint, region_name=REGION,
        aws_access_key_id=ACCOUNT, aws_secret_access_key=adapted.credentials.secret,
    )  # fmt: skip
    assert sts.get_caller_identity()["Account"] == ACCOUNT


ROLES = "/latest/meta-data/iam/security-credentials/"
UNSIGNED = (
    "/",
    ROLES,
    FUNCTIONS,
    "/bucket",
    "/bucket/key",
    "/_aws/lambda-url/abc/",
    "/v2/",
    "/iceberg/v1",
)


def test_unsigned_requests_plain_emulator_serves_some(plain: Emulator) -> None:
    assert b"ListAllMyBucketsResult" in ask(plain, "/").data
    (role,) = ask(plain, ROLES).data.decode().split()
    assert "SecretAccessKey" in ask(plain, f"{ROLES}{role}").json()


@pytest.mark.parametrize("path", UNSIGNED)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"])
def test_unsigned_requests_adapted(adapted: Stack, path: str, method: str) -> None:
    assert ask(adapted, path, method).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "AWS test:c2ln"},
        {"Authorization": "AWS4-HMAC-SHA256 Credential=test"},
        {"Authorization": "AWS4-HMAC-SHA256 "},
        {"Authorization": "AWS4-ECDSA-P256-SHA256 Credential=test/20261126/s3/aws4_request"},
        {"Authorization": "Bearer test"},
        {"X_Amz_Target": "AWSLambda.ListFunctions"},
        {"X_Amz_Target": "AWSCognitoIdentityProviderService.ListUsers"},
        {"X_Amz_Target": "AWSCognitoIdentityProviderService.InitiateAuth, DynamoDB.ListTables"},
    ],
)
def test_what_is_no_signature_is_none(adapted: Stack, headers: dict[str, str]) -> None:
    assert ask(adapted, "/", "POST", b"{}", **headers).status in {400, 403}


@pytest.mark.parametrize(
    "query",
    [
        "AWSAccessKeyId=test&Signature=x&Expires=9999999999",
        "X-Amz-Credential=test/20261126/us-east-1/s3/aws4_request",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test/20261126/us-east-1/s3/aws4_request"
        "&X-Amz-Signature=x&X-Amz-SignedHeaders=host&X-Amz-Date=20261126T000000Z&X-Amz-Expires=600",
    ],
)
def test_what_is_no_presigned_url_is_none(adapted: Stack, query: str) -> None:
    assert ask(adapted, f"/bucket/key?{query}").status in {400, 403}


def test_what_the_signature_does_not_cover_is_rejected(adapted: Stack) -> None:
    key = root(adapted)
    assert signed(adapted, "/", key, "dynamodb", "POST") != 403
    target = {"X_Amz_Target": "DynamoDB_20120810.ListTables"}
    assert signed(adapted, "/", key, "dynamodb", "POST", **target) == 400


def test_a_body_that_was_not_signed_is_rejected(adapted: Stack) -> None:
    request = AWSRequest("PUT", f"{adapted.endpoint}/signed-body", data=b"")
    request.headers["X-Amz-Content-SHA256"] = hashlib.sha256(b"").hexdigest()
    SigV4Auth(root(adapted), "s3", REGION).add_auth(request)
    headers = dict(request.headers)
    url = f"{adapted.endpoint}/signed-body"
    sent = urllib3.request("PUT", url, headers=headers, body=b"other", retries=False)
    assert sent.status == 403


# ---------------------------------------------------------------- presigned URLs


class Presigned(NamedTuple):
    on: Stack

    def path(self, expires: int = 60, key: Credentials | None = None) -> str:
        request = AWSRequest("GET", f"{self.on.endpoint}{FUNCTIONS}")
        signer = SigV4QueryAuth(key or root(self.on), "lambda", REGION, expires=expires)
        signer.add_auth(request)
        return str(request.url).removeprefix(self.on.endpoint)


def test_a_presigned_url_is_good_for_what_was_signed(adapted: Stack) -> None:
    presigned = Presigned(adapted)
    assert ask(adapted, presigned.path()).status == 200
    assert ask(adapted, presigned.path(), "POST").status == 403
    assert ask(adapted, presigned.path().replace(FUNCTIONS, "/2018-10-31/layers")).status == 403
    assert ask(adapted, presigned.path(key=Credentials("test", "test"))).status == 403
    assert ask(adapted, presigned.path(key=Credentials(ACCOUNT, "test"))).status == 403
    assert ask(adapted, presigned.path(expires=8 * 86400)).status == 403
    target = "DynamoDB_20120810.ListTables"
    assert ask(adapted, presigned.path(), X_Amz_Target=target).status in {400, 403}


def test_a_presigned_object_is_read_until_it_expires(adapted: Stack) -> None:
    s3 = client("s3", adapted)
    s3.create_bucket(Bucket="shared", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="shared", Key="object", Body=b"content")
    url = s3.generate_presigned_url("get_object", {"Bucket": "shared", "Key": "object"})
    if "X-Amz-Algorithm" not in url:
        s3 = boto3.client(
            "s3", endpoint_url=adapted.endpoint, region_name=REGION,
            aws_access_key_id=adapted.credentials.key_id,
            aws_secret_access_key=adapted.credentials.secret,
            config=Config(signature_version="s3v4"),
        )  # fmt: skip
        url = s3.generate_presigned_url("get_object", {"Bucket": "shared", "Key": "object"})
    path = url.removeprefix(adapted.endpoint)
    assert ask(adapted, path).data == b"content"
    assert ask(adapted, path.replace("object?", "other?")).status == 403
    assert ask(adapted, path.replace("X-Amz-Expires=3600", "X-Amz-Expires=1")).status == 403


# ---------------------------------------------------------------- whom a function is


def predicted(function: str, role: str) -> Credentials:
    """As MiniStack computes them from the names, which every process shows."""
    digest = hashlib.sha256(f"{function}:{role}".encode()).hexdigest()
    return Credentials(
        f"ASIA{digest[:16].upper()}",
        hashlib.sha256(f"secret:{digest}".encode()).hexdigest(),
        hashlib.sha256(f"token:{digest}".encode()).hexdigest(),
    )


def echo(stack: Stack) -> Credentials:
    assert stack.get("/open").status == 200  # so that it runs
    found = client("lambda", stack).get_function_configuration(FunctionName=stack.function)
    return predicted(found["FunctionArn"], found["Role"])


def environment_of_a_function(stack: Stack) -> dict[str, str]:
    archive = BytesIO()
    with ZipFile(archive, "w") as file:
        file.writestr("own.py", "import os\ndef handler(event, context): return dict(os.environ)\n")
    lambdas = client("lambda", stack)
    own = lambdas.get_function_configuration(FunctionName=stack.function)
    lambdas.create_function(
        FunctionName="own", Runtime="python3.13", Role=own["Role"], Handler="own.handler",
        Code={"ZipFile": archive.getvalue()},
    )  # fmt: skip
    found: dict[str, str] = json.load(lambdas.invoke(FunctionName="own")["Payload"])
    return found


def test_a_functions_credentials_plain_emulator_lets_anybody_compute(plain: Emulator) -> None:
    stack = deploy(plain, "computed", "first")
    assert signed(plain, "/?Action=GetCallerIdentity&Version=2011-06-15", echo(stack), "sts") == 200


def test_a_functions_credentials_adapted(adapted: Stack) -> None:
    path = "/?Action=GetCallerIdentity&Version=2011-06-15"
    assert signed(adapted, path, echo(adapted), "sts") == 403


def test_a_function_has_the_credentials_of_its_role_and_no_others(adapted: Stack) -> None:
    environment = environment_of_a_function(adapted)
    assert environment["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert environment["AWS_SESSION_TOKEN"]
    assert adapted.credentials.key_id not in environment.values()
    assert adapted.credentials.secret not in environment.values()
    session = boto3.Session(
        environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
        environment["AWS_SESSION_TOKEN"], region_name=REGION,
    )  # fmt: skip
    who = session.client("sts", endpoint_url=adapted.endpoint).get_caller_identity()["Arn"]
    assert ":assumed-role/" in who
    with pytest.raises(ClientError, match="not authorized"):
        session.client("iam", endpoint_url=adapted.endpoint).create_user(UserName="more")


# ---------------------------------------------------------------- pages of other origins

FROM_ELSEWHERE: dict[str, dict[str, str]] = {
    "a page": {"Origin": FOREIGN},
    "a page, by fetch": {"Origin": FOREIGN, "Sec_Fetch_Site": "cross-site"},
    "another port of this machine": {"Origin": "http://127.0.0.1:1"},
    "another port, by a tag": {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "no-cors"},
    "a sandboxed frame": {"Origin": "null"},
    "a sandboxed frame, by fetch": {"Origin": "null", "Sec_Fetch_Site": "cross-site"},
    "an image": {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Dest": "image"},
    "a frame": {
        "Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe",
    },
}  # fmt: skip
PATHS = {
    "health": "/_ministack/health",
    "a service": FUNCTIONS,
    "mail": "/_ministack/ses/messages",
    "sign-in": "/oauth2/token",
    "nothing": "/nothing",
}


@pytest.mark.parametrize("came", FROM_ELSEWHERE)
@pytest.mark.parametrize("path", PATHS)
def test_pages_of_other_origins_get_nothing(adapted: Stack, came: str, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        response = ask(adapted, PATHS[path], method, **FROM_ELSEWHERE[came])
        assert response.status == 403, method
        assert [name for name in response.headers if "access-control" in name.lower()] == []


@pytest.mark.parametrize("came", FROM_ELSEWHERE)
def test_nor_do_they_from_the_api(adapted: Stack, came: str) -> None:
    path = f"/restapis/{adapted.api_id}/test/_user_request_/open"
    for method in ("GET", "POST", "OPTIONS"):
        assert ask(adapted, path, method, **FROM_ELSEWHERE[came]).status == 403, method


def test_what_the_api_allows_an_origin_is_at_its_public_address_only(
    adapted: Stack, adapted_state: Path
) -> None:
    (adapted_state / "origins").write_text(FOREIGN)
    api = f"/restapis/{adapted.api_id}/test/_user_request_"
    try:
        for path in (f"{api}/api/v1/short-urls", FUNCTIONS, f"{FUNCTIONS}api/v1/x"):
            response = ask(adapted, path, "POST", Origin=FOREIGN)
            assert b"Pages of other origins" in response.data, path
    finally:
        (adapted_state / "origins").unlink()


def test_a_signature_does_not_make_a_page_one_of_ours(adapted: Stack) -> None:
    assert signed(adapted, FUNCTIONS, root(adapted), Origin=FOREIGN) == 403


def test_other_origins_plain_emulator_gives_them_everything(plain: Emulator) -> None:
    response = ask(plain, FUNCTIONS, "OPTIONS", Origin=FOREIGN)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    simple = {"Origin": FOREIGN, "Content_Type": "text/plain"}
    body = b'{"athena.ATHENA_DATA_DIR": "/"}'
    assert ask(plain, "/_ministack/config", "POST", body, **simple).json() != {"applied": {}}


def test_no_response_permits_another_origin_to_read_it(plain: Emulator, adapted: Stack) -> None:
    def permitted(on: Emulator | Stack) -> list[str]:
        request = AWSRequest("GET", f"{on.endpoint}{FUNCTIONS}")
        SigV4Auth(root(on), "lambda", REGION).add_auth(request)
        response = urllib3.request("GET", str(request.url), headers=dict(request.headers))
        return [name for name in response.headers if name.lower().startswith("access-control")]

    assert permitted(plain) != []
    assert permitted(adapted) == []
    for path in PATHS.values():
        response = ask(adapted, path)
        assert "access-control-allow-origin" not in response.headers


def test_a_link_on_another_page_leads_to_the_sign_in_only(adapted: Stack) -> None:
    visit = {
        "Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document",
    }  # fmt: skip
    path = f"/restapis/{adapted.api_id}/test/_user_request_/open"
    assert ask(adapted, path, **visit).status == 403
    assert ask(adapted, "/oauth2/authorize", **visit).status == 400  # Cognito's own word
    assert ask(adapted, "/_ministack/health", **visit).status == 403
    assert ask(adapted, FUNCTIONS, **visit).status == 403


def test_a_form_of_our_own_page_that_sends_no_referrer_arrives(adapted: Stack) -> None:
    own = {"Origin": "null", "Sec_Fetch_Site": "same-origin"}
    path = f"/restapis/{adapted.api_id}/test/_user_request_/open"
    assert ask(adapted, path, **own).status == 200
    assert ask(adapted, path, Origin=adapted.endpoint).status == 200


# ---------------------------------------------------------------- names of this machine


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example", "rebound.example:4566", "127.0.0.1.nip.io", "localhost.example",
        "evil.localhost", "10.0.0.1", "169.254.169.254", "0.0.0.0", "[::]", "", "x:y",
        "x@127.0.0.1:1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1,rebound.example", "localhost.",
        "api-id.execute-api.localhost", "lambda.us-east-1.amazonaws.com",
    ],
)  # fmt: skip
def test_a_name_that_somebody_else_may_own_is_rejected(adapted: Stack, host: str) -> None:
    for path in (*PATHS.values(), f"/restapis/{adapted.api_id}/test/_user_request_/open"):
        assert ask(adapted, path, Host=host).status in {400, 403}


def test_rebound_names_plain_emulator_takes_them(plain: Emulator) -> None:
    assert ask(plain, "/_ministack/health", Host="rebound.example").status == 200


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.2:80", "[::1]:2"]
)
def test_loopback_has_several_names(adapted: Stack, host: str) -> None:
    assert ask(adapted, "/_ministack/health", Host=host).status == 200


def test_containers_reach_it_by_the_name_that_sam_local_wrote_down(
    adapted: Stack, adapted_state: Path
) -> None:
    relayed = "172.17.0.1:40000"
    assert ask(adapted, "/_ministack/health", Host=relayed).status == 403
    (adapted_state / "hosts").write_text(relayed)
    try:
        assert ask(adapted, "/_ministack/health", Host=relayed).status == 200
        assert ask(adapted, FUNCTIONS, Host=relayed).status == 403
        assert ask(adapted, "/_ministack/health", Host="172.17.0.1:40001").status == 403
    finally:
        (adapted_state / "hosts").unlink()


# ---------------------------------------------------------------- MiniStack's own switches

SWITCHES = {
    "/_ministack/reset": "POST",
    "/_ministack/config": "POST",
    "/_ministack/ready": "GET",
    "/_ministack/sqs/messages": "GET",
    "/_ministack/sns/sms-messages": "GET",
    "/_ministack/lambda-code/gaps": "GET",
    "/_ministack/lambda-layers/gaps/1/content": "GET",
    "/_ministack/cfn-response/token": "PUT",
    "/_ministack/cfn-signal/token": "PUT",
    "/_ministack/rds/iam-auth": "POST",
    "/_ministack/eks-auth/x": "POST",
    "/_localstack/health": "GET",
    "/_localstack/init": "GET",
}


@pytest.mark.parametrize("path", SWITCHES)
def test_switches_are_closed_even_to_root(adapted: Stack, path: str) -> None:
    method = SWITCHES[path]
    assert ask(adapted, path, method).status == 403
    assert signed(adapted, path, root(adapted), "s3", method) == 403


def test_reset_plain_emulator_forgets_everything_for_anybody(plain: Emulator) -> None:
    client("sqs", plain).create_queue(QueueName="forgotten")
    assert ask(plain, "/_ministack/reset", "POST").status == 200
    assert not client("sqs", plain).list_queues().get("QueueUrls")


def test_health_is_open_and_mail_wants_a_signature(adapted: Stack) -> None:
    assert ask(adapted, "/_ministack/health").status == 200
    assert ask(adapted, "/_ministack/health", "POST").status == 403
    assert ask(adapted, "/health").status == 403
    assert ask(adapted, "/_ministack/ses/messages").status == 403
    assert signed(adapted, "/_ministack/ses/messages", root(adapted), "ses") == 200


def test_a_browser_that_requests_an_icon_gets_none(adapted: Stack) -> None:
    assert ask(adapted, "/favicon.ico").status == 204
    assert ask(adapted, "/favicon.ico", "PUT").status == 403


def test_no_websocket_is_opened(adapted: Stack) -> None:
    key = base64.b64encode(os.urandom(16)).decode()
    handshake = (
        f"GET /restapis/{adapted.api_id}/test/_user_request_/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n"
    )
    port = adapted.emulator.port
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(handshake.encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 403")


# ---------------------------------------------------------------- what AWS serves unsigned, too


def test_cognito_serves_its_public_operations_and_pages(adapted: Stack) -> None:
    cognito = client("cognito-idp", adapted)
    pool = cognito.create_user_pool(PoolName="public")["UserPool"]["Id"]
    known = ask(adapted, f"/{pool}/.well-known/jwks.json")
    assert json.loads(known.data)["keys"]
    assert ask(adapted, "/us-east-1_nobody/.well-known/jwks.json").status == 403
    assert ask(adapted, "/oauth2/token", "POST").status == 400
    assert ask(adapted, "/oauth2/userInfo").status == 401
    unsigned: Any = boto3.client(
        "cognito-idp", endpoint_url=adapted.endpoint, region_name=REGION,
        config=Config(signature_version="unsigned"),
    )  # fmt: skip
    unsigned._request_signer._signature_version = "unsigned"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        unsigned.sign_up(ClientId="nobody", Username="ada", Password="Correct-horse-1")


def test_the_api_is_open_as_on_aws(adapted: Stack) -> None:
    assert adapted.get("/open").status == 200
    assert adapted.get("/planned").status == 401
    claims = "AWS4-HMAC-SHA256 Credential=test/20261126/us-east-1/lambda/aws4_request"
    assert adapted.get("/open", Authorization=claims).status == 200
