"""The signatures of the two gateways, held to the examples that they publish."""

from __future__ import annotations

from reportsvc.messages import aliyun, tencent

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_aliyuns_published_example() -> None:
    """The fixed parameters under 请求结构和签名机制 (method V3)."""
    query = aliyun.canonical_query({
        "RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
    })  # fmt: skip
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": EMPTY,
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    assert aliyun.authorization("YourAccessKeyId", "YourAccessKeySecret", query, headers) == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,"
        "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_parameters_are_encoded_as_aliyun_signs_them() -> None:
    assert aliyun.canonical_query({"b": "民 政*~/", "a": '{"code": "1"}'}) == (
        "a=%7B%22code%22%3A%20%221%22%7D&b=%E6%B0%91%20%E6%94%BF%2A~%2F"
    )


def test_tencents_published_example() -> None:
    """签名方法 v3, whose key is printed as 32 asterisks, and is that."""
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    call = tencent.Call("cvm", "cvm.tencentcloudapi.com", "DescribeInstances", body, 1551113065)
    assert tencent.authorization("AKID", "*" * 32, call) == (
        "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host;x-tc-action, "
        "Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    )
