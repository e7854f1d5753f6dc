"""What is deployed, by whom and how: deploy/, workflows, samconfig.toml, docs/deploy.md."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from jmpy.gateway import request_host
from project import template
from project.template import PROJECT

GUIDE = (PROJECT / "docs" / "deploy.md").read_text()
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
SAMCONFIG = tomllib.loads((PROJECT / "samconfig.toml").read_text())
TEMPLATES = [PROJECT / "template.yaml", *sorted((PROJECT / "deploy").glob("*.yaml"))]

# A value of each parameter of template.yaml that a condition looks at, beside its default.
SET = {
    "PublicBaseUrl": "https://go.example.com",
    "SignInUrl": "https://auth.example.com",
    "AllowSignUp": "true",
    "SignInSender": "sign-in@example.com",
    "SignInIdentity": "example.com",
    "NoticeSender": "jmpy@example.com",
    "AlertEmail": "ops@example.com",
    "AlarmEmail": "ops@example.com",
    "RoleBoundary": "arn:aws:iam::123456789012:policy/jmpy-github-RoleBoundary-1A2B",
    "SafeBrowsing": "true",
    "AllowedOrigins": "https://app.example.com",
    "BrandedDomains": "manual",
    "SubdomainZone": "go.example.com",
    "TenantDistributionId": "E1A2B3C4D5E6F7",
}
COMBINATIONS = [
    dict(some)
    for count in (0, 1, 2, len(SET) - 1, len(SET))
    for some in itertools.combinations(SET.items(), count)
]
"""Nothing in the template depends on more than two of them at once."""


def name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_the_guide_explains_every_parameter(path: Path) -> None:
    parameters = set(template.read(path)["Parameters"])
    explained = set(re.findall(r"^ *\| `(\w+)` \|", GUIDE, re.MULTILINE))
    assert parameters - explained == set()


def test_the_guide_sets_no_parameter_that_there_is_not() -> None:
    declared = {name for path in TEMPLATES for name in template.read(path)["Parameters"]}
    # Those of make are in capitals.
    named = set(re.findall(r"\b([A-Z][a-z]+[A-Za-z]*)=", GUIDE))
    assert named - declared == set()
    assert {"PublicBaseUrl", "QueryKey", "Repository"} <= named


@pytest.mark.parametrize("stage", ["staging", "production"])
def test_a_stage_is_a_stack_of_its_name_with_parameters_that_there_are(stage: str) -> None:
    settings = SAMCONFIG[stage]["deploy"]["parameters"]
    assert settings["stack_name"] == f"jmpy-{stage}"
    assert settings["capabilities"] == SAMCONFIG["default"]["deploy"]["parameters"]["capabilities"]
    # Those that are commented out as well, which somebody will set.
    text = (PROJECT / "samconfig.toml").read_text().partition(f"[{stage}.")[2].partition("\n[")[0]
    given = dict(re.findall(r'^ +(?:# )?"(\w+)=([^"]*)"', text, re.MULTILINE))
    assert given
    for parameter, value in given.items():
        declared = template.load()["Parameters"][parameter]
        assert re.search(declared.get("AllowedPattern", ""), value)
        assert value in map(str, declared.get("AllowedValues", [value]))


@pytest.mark.parametrize("path", WORKFLOWS, ids=name)
def test_a_workflow_may_do_little_and_runs_actions_of_known_commits(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert set(job["permissions"].items()) <= {("contents", "read"), ("id-token", "write")}
    used = re.findall(r"uses: (\S+)(.*)", path.read_text())
    foreign = [(action, stated) for action, stated in used if not action.startswith("./")]
    for action, stated in foreign:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r" # v[\d.]+", stated)
    for text in itertools.chain(*(re.findall(r"^ *- run: (.*)", path.read_text(), re.MULTILINE),)):
        assert "${{" not in text  # what is expanded into a script can be a script


def test_what_builds_can_take_no_role() -> None:
    """What is installed may run code, and could ask for a token of its job."""
    builders = {
        f"{path.name} {name}": job["permissions"]
        for path in WORKFLOWS
        for name, job in yaml.safe_load(path.read_text())["jobs"].items()
        if any("make build" in step.get("run", "") for step in job.get("steps", []))
    }
    assert builders == {"deploy.yml build": {"contents": "read"}}


def test_production_waits_for_staging_and_staging_for_the_tests() -> None:
    jobs = yaml.safe_load((PROJECT / ".github/workflows/deploy.yml").read_text())["jobs"]
    assert (jobs["production"]["needs"], jobs["staging"]["needs"]) == ("staging", "build")
    assert jobs["build"]["needs"] == "test"
    assert jobs["production"]["with"] == {"environment": "production"}
    steps = yaml.safe_load((PROJECT / ".github/workflows/deploy-stack.yml").read_text())
    runs = [step["run"] for step in steps["jobs"]["deploy"]["steps"] if "run" in step]
    assert runs[-1].startswith("make smoke STACK=")


# ---------------------------------------------------------------- combinations of parameters


def test_every_condition_is_among_the_combinations() -> None:
    looked_at = set(re.findall(r"'Ref': '(\w+)'", str(template.load()["Conditions"])))
    assert looked_at == set(SET)
    for parameter, value in SET.items():
        assert re.search(template.load()["Parameters"][parameter].get("AllowedPattern", ""), value)


def holds(condition: Any, given: dict[str, Any]) -> Any:
    """What a condition, or a part of one, comes to."""
    if not isinstance(condition, dict):
        return condition
    ((function, value),) = condition.items()
    match function:
        case "Ref":
            return given[value]
        case "Equals":
            return str(holds(value[0], given)) == str(holds(value[1], given))
        case "Not":
            return not holds(value[0], given)
    raise AssertionError(f"{function} is not known here")


def resolved(node: Any, conditions: dict[str, bool]) -> Any:
    """With each `If` decided, and what is for no stack of these parameters left out."""
    if isinstance(node, dict):
        if "If" in node:
            condition, yes, no = node["If"]
            return resolved(yes if conditions[condition] else no, conditions)
        kept = {key: resolved(value, conditions) for key, value in node.items()}
        return {key: value for key, value in kept.items() if value != {"Ref": "AWS::NoValue"}}
    if isinstance(node, list):
        return [resolved(value, conditions) for value in node]
    return node


def references(node: Any) -> Iterator[str]:
    """Logical names that a part of the template points to."""
    if isinstance(node, list):
        for value in node:
            yield from references(value)
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "Ref":
                yield value
            elif key == "GetAtt":
                yield value.split(".")[0] if isinstance(value, str) else value[0]
            elif key == "Sub":
                text, own = (value, {}) if isinstance(value, str) else value
                named = re.findall(r"\$\{(?!!)([\w:]+)[^}]*\}", text)
                yield from (found for found in named if found not in own)
                yield from references(own)
            elif key == "DependsOn":
                yield from [value] if isinstance(value, str) else value
            else:
                yield from references(value)


def missing(given: dict[str, str]) -> set[str]:
    """What a stack with these parameters points to and does not have."""
    whole = template.load()
    values = {name: given.get(name, body["Default"]) for name, body in whole["Parameters"].items()}
    conditions = {name: holds(value, values) for name, value in whole["Conditions"].items()}
    resources = {
        logical_id: resolved(resource, conditions)
        for logical_id, resource in whole["Resources"].items()
        if conditions.get(resource.get("Condition"), True)
    }
    outputs = resolved(whole["Outputs"], conditions)
    everywhere = resolved(whole["Globals"], conditions)
    pointed = {*references(resources), *references(outputs), *references(everywhere)}
    # The stage is made by SAM.
    there = {*resources, *values, "Api.Stage"}
    return {name for name in pointed if not name.startswith("AWS::")} - there


def test_whatever_the_parameters_nothing_points_to_what_is_not_there() -> None:
    assert {
        name: gaps for given in COMBINATIONS for name in [str(given)] if (gaps := missing(given))
    } == {}


@pytest.mark.parametrize(
    ("given", "missed"),
    [
        ({}, 0),
        ({"SignInSender": "sign-in@example.com"}, 0),
        ({"AllowSignUp": "true"}, 2),
        ({"AllowSignUp": "true", "SignInSender": "sign-in@example.com"}, 1),
        ({"AllowSignUp": "true", "SharedFreeKeys": "100"}, 1),
        (
            {
                "AllowSignUp": "true",
                "SignInSender": "sign-in@example.com",
                "SharedFreeKeys": "100",
            },
            0,
        ),
        ({"BrandedDomains": "manual"}, 1),
        ({"BrandedDomains": "manual", "BrandedTargetZone": "cname.example.net"}, 0),
        ({"BrandedDomains": "cloudfront", "BrandedTargetZone": "cname.example.net"}, 3),
        (
            {
                "BrandedDomains": "cloudfront",
                "BrandedTargetZone": "cname.example.net",
                "TenantDistributionId": "E1A2B3C4D5E6F7",
                "TenantConnectionGroupId": "cg_2abc",
                "EdgeSecretHashes": "0" * 64,
            },
            0,
        ),
        ({"RequireEdge": "true"}, 2),
        ({"RequireEdge": "true", "EdgeSecretHashes": "0" * 64}, 1),
        (
            {
                "RequireEdge": "true",
                "EdgeSecretHashes": "0" * 64,
                "PublicBaseUrl": "https://go.example.com",
            },
            0,
        ),
    ],
)
def test_parameters_that_need_others_are_rejected_without(
    given: dict[str, str], missed: int
) -> None:
    whole = template.load()
    values = {name: given.get(name, body["Default"]) for name, body in whole["Parameters"].items()}
    failed = [
        assertion["AssertDescription"]
        for rule in whole["Rules"].values()
        if holds(rule["RuleCondition"], values)
        for assertion in rule["Assertions"]
        if not holds(assertion["Assert"], values)
    ]
    assert len(failed) == missed, failed


def test_what_is_only_there_sometimes_would_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = template.load()
    output = {"Value": {"Ref": "AlertEmailSubscription"}}
    monkeypatch.setitem(whole["Outputs"], "Subscription", output)
    assert missing({}) == {"AlertEmailSubscription"}
    assert missing({"AlertEmail": "ops@example.com"}) == set()


EDGE = template.read(PROJECT / "deploy" / "edge.yaml")["Resources"]
BEHAVIORS = [
    EDGE["Distribution"]["Properties"]["DistributionConfig"]["DefaultCacheBehavior"],
    *EDGE["Distribution"]["Properties"]["DistributionConfig"]["CacheBehaviors"],
]


def test_the_edge_stores_what_has_a_hash_in_its_name_and_nothing_else() -> None:
    never = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # AWS's CachingDisabled
    policies = {b.get("PathPattern"): b["CachePolicyId"] for b in BEHAVIORS}
    assert policies.pop("/dashboard/assets/*") == policies.pop("/docs/assets/*")
    assert {*policies.values()} == {never}
    for behavior in BEHAVIORS:
        if behavior["CachePolicyId"] != never:
            # Nothing that tells one request from another: what is stored is for everybody.
            assert "OriginRequestPolicyId" not in behavior
            assert behavior["Compress"] is True
            assert behavior["CachePolicyId"] == {"Ref": "CachedByHost"}
    policy = EDGE["CachedByHost"]["Properties"]["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["CookiesConfig"] == {"CookieBehavior": "none"}
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert key["HeadersConfig"]["Headers"] == ["X-Jmpy-Host"]


def test_the_edge_states_the_host_of_every_request() -> None:
    function = {"GetAtt": "ViewerRequest.FunctionMetadata.FunctionARN"}
    for behavior in BEHAVIORS:
        assert behavior["FunctionAssociations"] == [
            {"EventType": "viewer-request", "FunctionARN": function}
        ]
    assert (
        EDGE["CachedByHost"]["Properties"]["CachePolicyConfig"][
            "ParametersInCacheKeyAndForwardedToOrigin"
        ]["HeadersConfig"]["Headers"][0].lower()
        == request_host.HEADER
    )


def test_the_edge_has_all_names_of_the_zone_of_subdomains() -> None:
    wildcard = {"Sub": "*.${SubdomainZone}"}
    distribution = EDGE["Distribution"]["Properties"]["DistributionConfig"]
    optional = {"If": ["HasSubdomains", wildcard, {"Ref": "AWS::NoValue"}]}
    assert distribution["Aliases"] == [{"Ref": "DomainName"}, optional]
    assert EDGE["Certificate"]["Properties"]["SubjectAlternativeNames"]["If"][1] == [wildcard]
    records = EDGE["SubdomainAddresses"]["Properties"]["RecordSets"]
    assert [(one["Name"], one["Type"]) for one in records] == [(wildcard, "A"), (wildcard, "AAAA")]


def test_templates_that_sam_does_not_read_have_no_aliases() -> None:
    """CloudFormation does not support them (its user guide, "YAML")."""
    for path in (PROJECT / "deploy").glob("*.yaml"):
        tokens = yaml.scan(path.read_text())
        assert not any(isinstance(token, yaml.AnchorToken | yaml.AliasToken) for token in tokens)


def test_branded_domains_pass_the_same_edge_as_the_operators_own() -> None:
    """The function that states the host, the proof and the policies; and no request is cached."""
    edge, domains = (
        template.read(PROJECT / "deploy" / f"{name}.yaml")["Resources"]
        for name in ("edge", "domains")
    )
    code, values = domains["ViewerRequest"]["Properties"]["FunctionCode"]["Sub"]
    assert code == edge["ViewerRequest"]["Properties"]["FunctionCode"]["Sub"]
    assert values == {"QueryKey": "remove"}
    assert domains["Firewall"] == edge["Firewall"]
    own, branded = (
        resources["Distribution"]["Properties"]["DistributionConfig"]
        for resources in (edge, domains)
    )
    assert branded["Origins"] == own["Origins"]
    assert branded["DefaultCacheBehavior"] == own["DefaultCacheBehavior"]
    assert branded["ConnectionMode"] == "tenant-only"
    assert not branded.keys() & {"Aliases", "CacheBehaviors", "IPV6Enabled"}


def test_the_outputs_of_branded_domains_are_the_apis_parameters() -> None:
    outputs = template.read(PROJECT / "deploy" / "domains.yaml")["Outputs"]
    assert set(outputs) - set(template.load()["Parameters"]) == {"RoutingEndpoint"}
