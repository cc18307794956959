"""The `citizen` command: what needs neither the site nor its database starts at once, the rest through `citizen.cli`."""

import sys


def main() -> None:
    if sys.argv[1:2] == ["ballot"] and sys.argv[2:3] != ["codes"] and not any(one.startswith("--poll") for one in sys.argv):
        from citizen.ballots.commands import ballot

        ballot(sys.argv[2:], prog_name="citizen ballot")
    from citizen.cli import main as site

    site(prog_name="citizen")


if __name__ == "__main__":
    main()
