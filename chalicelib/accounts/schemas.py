"""Requests about users, tokens and grants. Those about users and permissions are MLflow's (mlflow/server/auth)."""

from pydantic import Field, ValidationInfo, field_validator

from chalicelib.accounts import fields
from chalicelib.edge.wire import Bool, Request, RequiredText, Text, spelled


class OfUser(Request):
    username: fields.UserName


class ListUsers(Request):
    """`page_token` is ours: the name of the last user of the page before."""

    page_token: Text = ""


class CreateUser(Request):
    """`password` is MLflow's, and has to be empty; `kind` is ours."""

    username: fields.NewUserName
    password: Text = ""
    kind: fields.UserKind = "person"


class UpdateAdmin(OfUser):
    is_admin: Bool


class OfThing(Request):
    """An experiment by its id, or a registered model by its name; `*` for all of its kind."""

    resource_type: fields.ResourceType
    resource_id: RequiredText = Field(validation_alias=spelled("resource_id", "resource_pattern"))

    @field_validator("resource_id")
    @classmethod
    def _is_a_name(cls, text: str, info: ValidationInfo) -> str:
        # A wrong kind has an error of its own.
        return fields.thing_name(info.data["resource_type"], text) if "resource_type" in info.data else text


class OfGrant(OfThing):
    """One user's permission on a thing."""

    username: fields.UserName


class Grant(OfGrant):
    permission: fields.Permission


class CreateToken(Request):
    """Without an `owner` the token is the caller's; without `scopes` it inherits the caller's scopes."""

    owner: fields.UserName | None = None
    label: fields.Label = ""
    scopes: fields.Scopes = Field(default_factory=list)
    expires_in_seconds: fields.Seconds | None = None


class ListTokens(Request):
    owner: fields.UserName | None = None


class OfToken(Request):
    token_id: fields.TokenId
