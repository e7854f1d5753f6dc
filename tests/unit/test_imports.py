"""What other services export, as rows of ours. The samples have the fields that their documentation
and sources name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmpy.imports import fields, records
from jmpy.imports import rows as import_rows
from jmpy.links.bulk import Failure, Row
from jmpy.links.bulk_errors import InvalidUpload
from jmpy.links.model import Source
from jmpy.links.new_link import NewLink

if TYPE_CHECKING:
    from typing import Any

BITLY = {
    "links": [
        {
            "created_at": "2024-05-01T10:00:00+0000",
            "id": "bit.ly/3abcDEF",
            "link": "https://bit.ly/3abcDEF",
            "custom_bitlinks": ["https://bit.ly/spring-sale"],
            "long_url": "https://shop.example/spring",
            "title": "Spring\nsale",
            "archived": False,
            "tags": ["shop", "spring"],
        },
        {"link": "https://bit.ly/4xyz", "long_url": "https://shop.example/", "tags": []},
    ],
    "pagination": {"next": ""},
}
SHLINK = {
    "shortUrls": {
        "data": [
            {
                "shortCode": "spring-sale",
                "shortUrl": "https://s.example/spring-sale",
                "longUrl": "https://shop.example/spring",
                "dateCreated": "2024-05-01T10:00:00+00:00",
                "tags": ["shop", "spring"],
                "meta": {"validSince": None, "validUntil": "2030-01-01T00:00:00+00:00"},
                "domain": None,
                "title": "Spring sale",
                "forwardQuery": True,
            }
        ],
        "pagination": {"currentPage": 1},
    }
}
YOURLS = {
    "links": {
        "link_1": {
            "shorturl": "https://y.example/spring-sale",
            "url": "https://shop.example/spring",
            "title": "Spring sale",
            "timestamp": "2024-05-01 10:00:00",
            "ip": "192.0.2.1",
            "clicks": "17",
        }
    },
    "stats": {"total_links": "1"},
}
KUTT = {
    "limit": 10,
    "skip": 0,
    "total": 1,
    "data": [
        {
            "id": "5c1b",
            "address": "spring-sale",
            "banned": False,
            "description": "Spring sale",
            "expire_in": "2030-01-01T00:00:00.000Z",
            "link": "https://k.example/spring-sale",
            "password": False,
            "target": "https://shop.example/spring",
            "visit_count": 17,
        }
    ],
}
SHLINK_WEB_CLIENT = (
    "createdAt,title,shortUrl,domain,shortCode,longUrl,tags,visits\n"
    "2024-05-01T10:00:00+00:00,Spring sale,https://s.example/spring-sale,s.example,spring-sale,"
    "https://shop.example/spring,shop|spring,17\n"
)
SHLINK_IMPORTER = (
    "Long URL;Tags;Domain;Short code;Title\n"
    "https://shop.example/spring;shop|spring;;spring-sale;Spring sale\n"
)
YOURLS_TABLE = (
    '"keyword","url","title","timestamp","ip","clicks"\n'
    '"spring-sale","https://shop.example/spring","Spring sale","2024-05-01 10:00:00","::1","17"\n'
)
OWN = (
    "short_code,short_url,original_url,name,tags,status,is_dynamic,is_password_protected,"
    "tracking_enabled,campaign_id,expires_at,clicks,created_at\n"
    'spring-sale,https://go.example/spring-sale,https://shop.example/spring,Spring sale,"shop,'
    'spring",disabled,true,false,false,,2030-01-01T00:00:00Z,17,2024-05-01T10:00:00Z\n'
)
ENDS = int(datetime(2030, 1, 1, tzinfo=UTC).timestamp())


def rows(text: str, *, random_codes: bool = True) -> list[Row[NewLink] | Failure]:
    file = records.read(text)
    recognized = fields.recognize(file.fields, random_codes=random_codes)
    return list(import_rows.rows(file, recognized, random_codes=random_codes))


def imported(number: int, url: str, custom_alias: str | None = None, **fields: Any) -> Row[NewLink]:
    return Row(number, NewLink(url, custom_alias, source=Source.BULK_IMPORT, **fields))


def row(number: int = 1, **fields: Any) -> Row[NewLink]:
    named = {"custom_alias": "spring-sale", "name": "Spring sale", **fields}
    return imported(number, "https://shop.example/spring", **named)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (json.dumps(SHLINK), row(tags=("shop", "spring"), expires_at=ENDS, forward_query=True)),
        (json.dumps(YOURLS), row()),
        (json.dumps(KUTT), row(expires_at=ENDS)),
        (SHLINK_WEB_CLIENT, row(tags=("shop", "spring"))),
        (SHLINK_IMPORTER, row(tags=("shop", "spring"))),
        (YOURLS_TABLE, row()),
        (
            OWN,
            row(
                tags=("shop", "spring"),
                expires_at=ENDS,
                is_dynamic=True,
                disabled=True,
                tracking_enabled=False,
            ),
        ),
    ],
    ids=["Shlink", "YOURLS", "Kutt", "Shlink web client", "Shlink importer", "YOURLS CSV", "own"],
)
def test_an_imported_link_has_its_code_destination_name_tags_and_expiry(
    text: str, expected: Row[NewLink]
) -> None:
    assert rows(text) == [expected]


def test_the_custom_back_half_of_bitly_wins_over_the_random_one() -> None:
    assert rows(json.dumps(BITLY)) == [
        row(tags=("shop", "spring")),
        imported(2, "https://shop.example/", custom_alias="4xyz"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Link,Long URL\nbit.ly/abc,https://a.example/\n",
        "\ufefflong_url\tshort_url\nhttps://a.example/\thttps://t.example/abc/\n",
        '[{"url": "https://a.example/", "keyword": "abc"}]',
        '{"data": [{"target": "https://a.example/", "address": "abc", "title": "  \\n "}]}',
        "original_url,short_code,name\nhttps://a.example/,abc,\n",
    ],
)
def test_spellings_of_one_link(text: str) -> None:
    assert rows(text) == [imported(1, "https://a.example/", custom_alias="abc")]


def test_a_link_that_was_blocked_there_does_not_work_here() -> None:
    (banned,) = rows('[{"target": "https://a.example/", "address": "abc", "banned": true}]')
    assert isinstance(banned, Row)
    assert banned.link.disabled


@pytest.mark.parametrize("password", [True, "true", "1", "open sesame", "$2b$10$abc", 5])
def test_a_protected_link_is_not_opened_to_everybody(password: object) -> None:
    record = {"target": "https://a.example/", "address": "abc", "password": password}
    (rejected,) = rows(json.dumps([record]))
    assert isinstance(rejected, Failure)
    assert "password" in str(rejected.errors[0])


@pytest.mark.parametrize("password", [False, None, "", "false", "0", "no"])
def test_a_link_without_a_password_is_taken_over(password: object) -> None:
    record = {"target": "https://a.example/", "address": "abc", "password": password}
    assert rows(json.dumps([record])) == [imported(1, "https://a.example/", custom_alias="abc")]


def test_our_own_files_preserve_names_that_look_like_formulas() -> None:
    (found,) = rows("original_url,name\nhttps://a.example/,'=1+1\n")
    assert isinstance(found, Row)
    assert found.link.name == "=1+1"


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"keyword": "abc"}, None),
        ({"url": 5}, "original_url"),
        ({"url": "https://a.example/", "expires_at": "soon"}, "expires_at"),
        ({"url": "https://a.example/", "tags": ["x" * 51]}, "tags.0"),
        ({"url": "https://a.example/", "tags": {"a": 1}}, "tags"),
    ],
)
def test_an_invalid_record_is_reported_alone(record: dict[str, Any], field: str | None) -> None:
    wrong, right = rows(json.dumps([record, {"url": "https://b.example/"}]))
    if field is None:
        # Whether it is a URL is for the rules of links to say.
        assert wrong == imported(1, "", custom_alias="abc")
    else:
        assert isinstance(wrong, Failure)
        assert [getattr(error, "field", None) for error in wrong.errors] == [field]
    assert right == imported(2, "https://b.example/")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("url\n", "no links"),
        ("[]", "no links"),
        ("{", "JSON cannot be read"),
        ("[" * 100_000, "JSON cannot be read"),
        ("[1, 2]", "no list of links"),
        ('{"links": "many"}', "no list of links"),
        ("name\nspring\n", "No field holds the destinations. The fields are: name."),
        ("url,URL\nhttps://a.example/,b\n", "same name"),
        ("https://a.example/,spring,x\n", "no header"),
        ('url\n"', "quotes"),
        ("u\0r\0l", "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str, reason: str) -> None:
    with pytest.raises(InvalidUpload, match=reason):
        rows(text)


def test_what_is_not_imported_is_named() -> None:
    file = records.read(json.dumps(YOURLS))
    assert fields.recognize(file.fields).left_behind == ["timestamp", "ip", "clicks"]


@given(st.text(max_size=300) | st.text('[]{}",:;\n\t_abcurl01', max_size=300))
def test_any_text_results_in_rows_or_is_rejected(text: str) -> None:
    try:
        found = rows(text)
    except InvalidUpload:
        return
    assert found
    assert all(isinstance(entry, Row | Failure) for entry in found)


SALE = imported(1, "https://shop.example/spring", custom_alias="spring-sale")


@pytest.mark.parametrize(
    "text",
    [
        "Link,Custom Link,Date created,Title,Destination URL,Engagements,Status\n"
        "bit.ly/3abcDEF,bit.ly/spring-sale,2024-05-01,,https://shop.example/spring,17,active\n",
        "Link,Custom Link,Date created,Title,Destination URL,Engagements,Status\n"
        "bit.ly/spring-sale,,2024-05-01,,https://shop.example/spring,17,active\n",
        "slashtag,destination\nspring-sale,https://shop.example/spring\n",
        "keyword,destination_url\nspring-sale,https://shop.example/spring\n",
        "Short link,Destination URL,Clicks\ndub.sh/spring-sale,https://shop.example/spring,17\n",
        "short,long\nspring-sale,https://shop.example/spring\n",
        "short,long\n/spring-sale,https://shop.example/spring\n",
        "url,short_id\nhttps://shop.example/spring,spring-sale\n",
        "from,to\n/spring-sale,https://shop.example/spring\n",
        "source,target\n/spring-sale,https://shop.example/spring\n",
        "Redirect from,Redirect to\n/spring-sale,https://shop.example/spring\n",
        "Original URL\tPath\tShort URL\n"
        "https://shop.example/spring\tspring-sale\thttps://go.example/spring-sale\n",
        "alias;long url;tiny url\n"
        "spring-sale;https://shop.example/spring;https://tinyurl.com/spring-sale\n",
        "slug,link\nspring-sale,https://shop.example/spring\n",
        "spring-sale,https://shop.example/spring\n",
        "https://shop.example/spring;spring-sale\n",
        '[{"key": "spring-sale", "url": "https://shop.example/spring",'
        ' "shortLink": "https://dub.sh/spring-sale", "id": "clx1"}]',
        '{"version": "1", "links": [{"slug": "spring-sale", "url": "https://shop.example/spring",'
        ' "id": "x1"}]}',
        '[{"slashtag": "spring-sale", "destination": "https://shop.example/spring",'
        ' "shortUrl": "rebrand.ly/spring-sale"}]',
        '{"spring-sale": "https://shop.example/spring"}',
        '{"/spring-sale": "https://shop.example/spring"}',
        '{"spring-sale": {"url": "https://shop.example/spring"}}',
        '{"slug": "spring-sale", "url": "https://shop.example/spring"}\n'
        '{"slug": "autumn", "url": "https://shop.example/autumn"}\n',
    ],
)
def test_a_link_of_each_service_is_found_under_its_own_code(text: str) -> None:
    assert rows(text, random_codes=False)[0] == SALE


def test_a_row_without_a_code_gets_none_unless_requested() -> None:
    text = "slug,url\nspring-sale,https://shop.example/spring\n,https://shop.example/autumn\n"
    first, second = rows(text, random_codes=False)
    assert first == SALE
    assert isinstance(second, Failure)
    assert "RANDOM_CODES=1" in str(second.errors[0])


def test_what_else_services_say_of_a_link() -> None:
    sink = {"slug": "spring-sale", "url": "https://shop.example/spring", "expiration": ENDS}
    dub = {
        "key": "spring-sale",
        "url": "https://shop.example/spring",
        "expiresAt": "2030-01-01T00:00:00.000Z",
        "tags": [{"id": "tag_1", "name": "shop", "color": "red"}],
    }
    expected = imported(1, SALE.link.url, "spring-sale", expires_at=ENDS)
    assert rows(json.dumps([sink])) == [expected]
    assert rows(json.dumps([dub])) == [
        replace(expected, link=replace(expected.link, tags=("shop",)))
    ]
    in_milliseconds = {**sink, "expiration": ENDS * 1000}
    assert rows(json.dumps([in_milliseconds]))[0] == rows(json.dumps([sink]))[0]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("url,keyword\nhttps://a.example/edit?html,output,abc\n", "3 cells and the header 2"),
        ("url,keyword\nhttps://a.example/?a,abc,\n", "3 cells and the header 2"),
        ("keyword,url,title\nabc,https://a.example/x,y,z\n", "4 cells and the header 3"),
    ],
)
def test_a_row_longer_than_its_header_is_rejected(text: str, cells: str) -> None:
    good = text.partition("\n")[0].replace("url", "https://b.example/").replace("keyword", "ok-1")
    wrong, right = rows(text + good + "\n")
    assert isinstance(wrong, Failure)
    assert (wrong.number, str(wrong.errors[0]).startswith(f"The row has {cells}")) == (1, True)
    assert isinstance(right, Row)
    assert right.number == 2


@pytest.mark.parametrize(
    "text",
    [
        "url,title\nhttps://a.example/,x\n",
        "https://a.example/\n",
        '[{"url": "https://a.example/"}]',
        "url,source\nhttps://a.example/,newsletter\n",
    ],
)
def test_a_file_without_codes_is_imported_on_demand_only(text: str) -> None:
    with pytest.raises(InvalidUpload, match="RANDOM_CODES=1"):
        rows(text, random_codes=False)
    (row,) = rows(text, random_codes=True)
    assert isinstance(row, Row)
    assert row.link.custom_alias is None


@pytest.mark.parametrize(
    ("code", "short_url"),
    [
        ("1.00E+05", None),
        ("1,00E+05", None),
        ("123", "https://s.example/00123"),
        ("21-Mar", "https://s.example/mar-21"),
        ("TRUE", "s.example/true"),
        ("24-Mar", None),
        ("Mar-24", None),
    ],
)
def test_a_code_that_a_spreadsheet_has_rewritten_is_rejected(
    code: str, short_url: str | None
) -> None:
    text = f'short_code,short_url,url\n"{code}",{short_url or ""},https://a.example/\n'
    (wrong,) = rows(text)
    assert isinstance(wrong, Failure)
    assert "spreadsheet" in str(wrong.errors[0])


def test_a_spreadsheets_own_marks_are_read() -> None:
    text = 'sep=;\nslug;url;\n"=""00123""";https://a.example/;\n'
    assert rows(text) == [imported(1, "https://a.example/", custom_alias="00123")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_text_in_an_encoding_of_unicode(encoding: str) -> None:
    assert records.decoded("url\nhttps://a.example/é\n".encode(encoding)).endswith("é\n")


def test_a_file_of_another_encoding_is_rejected_with_its_line() -> None:
    with pytest.raises(InvalidUpload, match="Line 2 is not UTF-8"):
        records.decoded("url\nhttps://a.example/é\n".encode("latin-1"))


@pytest.mark.parametrize(
    "text",
    [
        '{"promo": "https://a.example/", "promo": "https://b.example/"}',
        '[{"slug": "a", "url": "https://a.example/", "url": "https://b.example/"}]',
        '{"url": "https://a.example/"}\n{"slug": "a", "slug": "b", "url": "https://b.example/"}',
    ],
)
def test_json_with_a_name_twice_loses_no_link_silently(text: str) -> None:
    with pytest.raises(InvalidUpload, match="more than once"):
        rows(text)


@pytest.mark.parametrize("code", ["mar-24", "24-mar", "March-24", "Mar-2"])
def test_a_code_that_no_spreadsheet_would_write_is_imported(code: str) -> None:
    assert rows(f"short_code,url\n{code},https://a.example/\n")[0] == imported(
        1, "https://a.example/", custom_alias=code
    )


def test_a_code_like_a_date_is_imported_when_its_short_url_says_the_same() -> None:
    file = "short_code,short_url,url\nMar-24,https://s.example/Mar-24,https://a.example/\n"
    assert rows(file)[0] == imported(1, "https://a.example/", custom_alias="Mar-24")


@pytest.mark.parametrize("never", ["never", "NULL", "None", "n/a", "-", "0000-00-00 00:00:00"])
def test_the_words_for_no_expiry_are_no_expiry(never: str) -> None:
    file = f"short_code,url,expires_at\nabc,https://a.example/,{never}\n"
    assert rows(file) == [imported(1, "https://a.example/", custom_alias="abc")]


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF"])
def test_a_file_that_is_no_text_is_called_what_it_is(start: bytes) -> None:
    with pytest.raises(InvalidUpload, match=r"The file is .*; import a CSV or JSON file"):
        records.decoded(start + b"\0\xff")
