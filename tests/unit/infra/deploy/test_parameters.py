"""Make variables that become the template's parameters."""

import pytest

from infra.deploy import parameters
from infra.deploy.aws.errors import Refused

TEMPLATE = {
    "Parameters": {
        "Stage": {"Type": "String"},
        "CodeKey": {"Type": "String"},
        "LogDays": {"Type": "Number", "Default": 30, "AllowedValues": [7, 30]},
        "MonthlyBudget": {"Type": "Number", "Default": 0, "MinValue": 0, "MaxValue": 1000},
        "AlarmEmail": {"Type": "String", "Default": "", "AllowedPattern": "([^@ ]+@[^@ ]+)?"},
        "DashboardOrigin": {
            "Type": "String",
            "AllowedPattern": "(https://[a-z.]+)?",
            "ConstraintDescription": "must be an origin",
        },
    }
}


def test_only_what_is_given_is_sent_and_the_rest_stays_as_it_was():
    values = parameters.given(TEMPLATE, {"LOG_DAYS": "7", "ALARM_EMAIL": "", "PATH": "/bin", "STAGE": "x"})

    asked = parameters.request(TEMPLATE, {**values, "Stage": "prod"}, {"LogDays", "MonthlyBudget", "Gone"})

    assert values == {"LogDays": "7", "AlarmEmail": ""}
    assert asked == [
        {"ParameterKey": "Stage", "ParameterValue": "prod"},
        {"ParameterKey": "LogDays", "ParameterValue": "7"},
        {"ParameterKey": "AlarmEmail", "ParameterValue": ""},
        {"ParameterKey": "MonthlyBudget", "UsePreviousValue": True},
    ]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("LOG_DAYS", "8", "may be 7, 30."),
        ("LOG_DAYS", "", "may be 7, 30."),
        ("MONTHLY_BUDGET", "-1", "must be a number from 0 to 1000."),
        ("MONTHLY_BUDGET", "1001", "must be a number from 0 to 1000."),
        ("MONTHLY_BUDGET", "nan", "must be a number from 0 to 1000."),
        ("MONTHLY_BUDGET", "ten", "must be a number from 0 to 1000."),
        ("ALARM_EMAIL", "nobody", "must match ([^@ ]+@[^@ ]+)?."),
        ("DASHBOARD_ORIGIN", "https://x.org/path", "must be an origin."),
    ],
)
def test_a_value_that_the_template_does_not_allow_is_refused(name, value, reason):
    with pytest.raises(Refused) as refused:
        parameters.given(TEMPLATE, {name: value})

    assert str(refused.value) == f"{name} is {value!r}; it {reason}"
