"""What takers send is not told to whoever reads the errors."""

from unittest.mock import patch

import pytest
from django.core.signals import got_request_exception
from django.http import HttpRequest
from django.test import Client
from django.views.debug import ExceptionReporter


@pytest.mark.parametrize(
    ("address", "broken"),
    [
        ("/quizzes/how-i-trust/questions/", "quizzes.taking.answers.asked"),
        ("/quizzes/plan/add/", "quizzes.plan.plan.load"),
        ("/quizzes/kept/", "quizzes.kept.kept.find"),
        ("/quizzes/kept/delete/", "quizzes.kept.kept.delete"),
    ],
)
def test_error_report_holds_nothing_that_was_sent(course: None, client: Client, address: str, broken: str) -> None:
    client.raise_request_exception = False
    reports = []

    def report(request: HttpRequest, **kwargs: object) -> None:
        reports.append(ExceptionReporter(request, None, None, None).get_traceback_text())

    got_request_exception.connect(report)
    try:
        with patch(broken, side_effect=RuntimeError):
            sent = dict.fromkeys(("code", "entry", "version", "q1"), "told-to-nobody")
            assert client.post(address, sent).status_code == 500
    finally:
        got_request_exception.disconnect(report)
    (text,) = reports
    assert "entry = " in text
    assert "told-to-nobody" not in text
