from pathlib import Path
from typing import Any

from django.core.checks import run_checks

from trustsite import apps as checks


def test_everything_is_in_order(settings: Any) -> None:
    settings.HTTPS = True
    found = [checks.data_is_writable(), checks.content_is_there(), checks.public_sites_use_https()]
    assert found == [[], [], []]


def test_data_folder_that_cannot_be_written(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "none"
    [error] = checks.data_is_writable()
    assert (error.id, error.is_serious()) == ("trustsite.E001", True)
    assert error.msg == f"DATA_DIR {tmp_path / 'none'} cannot be written to."


def test_content_folder_that_is_not_there(settings: Any, tmp_path: Path) -> None:
    settings.CONTENT_DIR = tmp_path
    [warning] = checks.content_is_there()
    assert (warning.id, warning.msg) == ("trustsite.W001", f"{tmp_path} holds no parts.yaml.")


def test_site_without_https(settings: Any) -> None:
    settings.HTTPS = False
    [warning] = checks.public_sites_use_https()
    assert warning.id == "trustsite.W002"


def test_checks_are_run_with_the_others(settings: Any, tmp_path: Path) -> None:
    settings.CONTENT_DIR, settings.DATA_DIR, settings.HTTPS = tmp_path, tmp_path / "none", False
    own = {check.id for check in run_checks() if str(check.id).startswith("trustsite.")}
    assert {"trustsite.E001", "trustsite.W001"} <= own
    assert "trustsite.W002" not in own
    deployed = {check.id for check in run_checks(include_deployment_checks=True)}
    assert "trustsite.W002" in deployed
