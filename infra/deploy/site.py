"""Where a command works: the account, the stage, the console."""

from dataclasses import dataclass

from infra.deploy.aws import stacks
from infra.deploy.aws.account import Account
from infra.deploy.aws.errors import Failed
from infra.deploy.aws.names import Place
from infra.deploy.aws.stacks import Follower, Stack
from infra.deploy.console import Console


@dataclass(frozen=True)
class Site:
    account: Account
    place: Place
    console: Console

    def stack(self) -> Stack | None:
        """The stage's stack as it is now."""
        return stacks.find(self.account.stacks, self.place.stack)

    def follower(self, stack_id: str) -> Follower:
        return Follower(self.account.stacks, stack_id, self.console.say)

    def remove_stack(self, stack_id: str) -> None:
        """Delete a stack and wait for the end. Raises Failed if something in it could not be deleted."""
        follower = self.follower(stack_id)
        self.account.stacks.delete_stack(StackName=stack_id)
        ended = follower.wait()
        if ended != "DELETE_COMPLETE":
            raise Failed(f"The stack could not be deleted ({ended}); fix the reasons above, then try again.")
