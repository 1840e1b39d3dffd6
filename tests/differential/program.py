# SPDX-License-Identifier: Apache-2.0
"""ward's side: a program that answers questions (tests/support/line_protocol.h), asked thousands at a time."""
import subprocess


class Ended(Exception):
    """The program crashed, complained or hung."""


def question(command, *arguments):
    return " ".join([command, *(argument.hex() for argument in arguments)])


def ask(program, questions):
    """The answers, each a list of words of which the first is a status."""
    try:
        lines = "".join(line + "\n" for line in questions)
        done = subprocess.run([program], input=lines, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired as late:
        raise Ended(f"{program} is not done after {late.timeout} s") from late
    answers = [line.split(" ") for line in done.stdout.splitlines()]
    if done.returncode != 0 or len(answers) != len(questions):
        at = questions[len(answers)][:2000] if len(answers) < len(questions) else "its end"
        raise Ended(f"{program} ended with {done.returncode} on: {at}\n{done.stderr[:4000]}")
    return answers
