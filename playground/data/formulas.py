"""Typed input features: a formula such as `x1*x2 + sin(3*x1)`, parsed by us into NumPy calls from a fixed list.

    sum     = product {("+" | "-") product}
    product = signed {("*" | "/") signed}
    signed  = ("-" | "+") signed | power
    power   = atom [("^" | "**") signed]
    atom    = number | name | name "(" sum {"," sum} ")" | "(" sum ")"

So -x1^2 is -(x1^2) and 2^3^2 is 2^(3^2), as in Python. A text never becomes code: what it may name are the measurements
x1, x2, …, the constants pi and e, and the entries of FUNCTIONS.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from playground.errors import InvalidValueError
from playground.registry import Registry, shown
from playground.sentences import say

Floats = NDArray[np.float64]

MAX_FORMULAS = 6
"""How many formulas one experiment may have."""

MAX_LENGTH = 100
"""Characters of a formula."""

MAX_NODES = 40
"""Numbers, names, functions and operations of a formula."""

MAX_DEPTH = 20
"""How deep parentheses, functions, signs and powers of a formula may be nested."""

CONSTANTS = {"pi": math.pi, "e": math.e}

FUNCTIONS: Registry[Callable[..., Any]] = Registry("function")
"""What a formula may call. Trait `arguments`: how many the function takes."""


def _register(name: str, function: Callable[..., Any], label: str, help: str, arguments: int = 1) -> None:
    FUNCTIONS.register(name, label=label, help=help, arguments=arguments)(function)


_register("sin", np.sin, "sin", "Sine of an angle in radians.")
_register("cos", np.cos, "cos", "Cosine of an angle in radians.")
_register("tan", np.tan, "tan", "Tangent of an angle in radians.")
_register("atan", np.arctan, "atan", "Angle in radians whose tangent this is.")
_register("atan2", np.arctan2, "atan2", "Angle in radians of the place atan2(up, across) around the centre.", 2)
_register("tanh", np.tanh, "tanh", "Hyperbolic tangent: from -1 to 1.")
_register("exp", np.exp, "exp", "e to the power of.")
_register("log", np.log, "log", "Natural logarithm, of a number above 0.")
_register("sqrt", np.sqrt, "√", "Square root, of a number not below 0.")
_register("abs", np.abs, "abs", "The number without its sign.")
_register("sign", np.sign, "sign", "-1, 0 or 1 for a negative number, 0 or a positive one.")
_register("floor", np.floor, "floor", "The greatest whole number that is not greater.")
_register("min", np.minimum, "min", "The lesser of two numbers.", 2)
_register("max", np.maximum, "max", "The greater of two numbers.", 2)
_register("gauss", lambda x: np.exp(-(x * x)), "gauss", "A bell, exp(-x²): 1 at 0, and 0.37 at 1 and -1.")


@dataclass(frozen=True)
class Formula:
    """An input feature that a person typed.

    Attributes:
        text: The formula without spaces and needless parentheses; it gives an equal formula again.
        columns: How many measurements there are, called x1, x2, …; None for any number.

    Raises:
        InvalidValueError: If the text is not a formula, or too large a one.
    """

    text: str
    columns: int | None
    _tree: "_Node" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tree = _Parser(self.text, self.columns).formula()
        object.__setattr__(self, "_tree", tree)
        object.__setattr__(self, "text", tree.text)

    @property
    def label(self) -> str:
        """The formula as people write it: x₁² + 2x₂."""
        return self._tree.label

    def evaluate(self, X: Floats) -> Floats:
        """Return the formula's value at each point, (samples,).

        It is NaN or infinite where there is none, as of log(x1) at 0.

        Args:
            X: Measurements, (samples, columns).
        """
        values = np.empty(len(X))
        with np.errstate(all="ignore"):
            values[...] = self._tree.evaluate(X)
        return values


# ----------------------------------------------------------------------- the tree

_SUM, _PRODUCT, _SIGNED, _POWER, _ATOM = range(5)  # how tightly an operation binds
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class _Node:
    """A part of a formula.

    Attributes:
        binding: How tightly it holds together.
        text: As it is typed.
        label: As people write it.
        joins_left: Whether a factor may stand directly behind its label, without a dot.
        joins_right: Whether its label may stand directly behind a factor, without a dot.
    """

    binding = _ATOM
    text: str
    label: str
    joins_left = False
    joins_right = False

    def evaluate(self, X: Floats) -> Any:
        """Return its value, a number or (samples,)."""
        raise NotImplementedError

    def text_in(self, binding: int) -> str:
        """Return its text as part of an operation that binds so tightly."""
        return self.text if self.binding >= binding else f"({self.text})"

    def label_in(self, binding: int) -> str:
        """Return its label as part of an operation that binds so tightly."""
        return self.label if self.binding >= binding else f"({self.label})"


class _Number(_Node):
    def __init__(self, text: str) -> None:
        self.text = self.label = text
        self.joins_left = "e" not in text  # 1e5x₁ would be hard to read

    def evaluate(self, X: Floats) -> Any:
        return float(self.text)


class _Constant(_Node):
    def __init__(self, name: str) -> None:
        self.text, self.label = name, "π" if name == "pi" else name
        self.joins_left = self.joins_right = name == "pi"

    def evaluate(self, X: Floats) -> Any:
        return CONSTANTS[self.text]


class _Measurement(_Node):
    joins_left = joins_right = True

    def __init__(self, name: str) -> None:
        self.text, self.label, self._column = name, name.translate(_SUBSCRIPTS), int(name[1:]) - 1

    def evaluate(self, X: Floats) -> Any:
        return X[:, self._column]


class _Call(_Node):
    def __init__(self, name: str, arguments: list[_Node]) -> None:
        entry = FUNCTIONS[name]
        self.text = f"{name}({','.join(argument.text for argument in arguments)})"
        self.label = f"{entry.label}({', '.join(argument.label for argument in arguments)})"
        self._function, self._arguments = entry.value, arguments

    def evaluate(self, X: Floats) -> Any:
        return self._function(*(argument.evaluate(X) for argument in self._arguments))


class _Negative(_Node):
    binding = _SIGNED

    def __init__(self, operand: _Node) -> None:
        self.text, self.label = f"-{operand.text_in(_SIGNED)}", f"−{operand.label_in(_SIGNED)}"
        self._operand = operand

    def evaluate(self, X: Floats) -> Any:
        return np.negative(self._operand.evaluate(X))


class _Operation(_Node):
    """Two operands and what is done with them."""

    def __init__(self, left: _Node, right: _Node) -> None:
        self._left, self._right = left, right

    function: ClassVar[Callable[..., Any]]

    def evaluate(self, X: Floats) -> Any:
        return type(self).function(self._left.evaluate(X), self._right.evaluate(X))


class _Sum(_Operation):
    binding, symbol, sign = _SUM, "+", " + "
    function: ClassVar[Callable[..., Any]] = np.add

    def __init__(self, left: _Node, right: _Node) -> None:
        super().__init__(left, right)
        self.text = f"{left.text_in(_SUM)}{self.symbol}{right.text_in(_PRODUCT)}"
        self.label = f"{left.label_in(_SUM)}{self.sign}{right.label_in(_PRODUCT)}"


class _Difference(_Sum):
    symbol, sign = "-", " − "
    function: ClassVar[Callable[..., Any]] = np.subtract


class _Product(_Operation):
    binding, symbol, sign = _PRODUCT, "*", "·"
    function: ClassVar[Callable[..., Any]] = np.multiply

    def __init__(self, left: _Node, right: _Node) -> None:
        super().__init__(left, right)
        self.text = f"{left.text_in(_PRODUCT)}{self.symbol}{right.text_in(_SIGNED)}"
        together = self.symbol == "*" and left.joins_left and right.joins_right
        self.joins_left = together
        self.label = f"{left.label_in(_PRODUCT)}{'' if together else self.sign}{right.label_in(_SIGNED)}"


class _Quotient(_Product):
    symbol, sign = "/", "/"
    function: ClassVar[Callable[..., Any]] = np.divide


class _Power(_Operation):
    binding = _POWER
    function: ClassVar[Callable[..., Any]] = np.power

    def __init__(self, left: _Node, right: _Node) -> None:
        super().__init__(left, right)
        self.text = f"{left.text_in(_ATOM)}^{right.text_in(_SIGNED)}"
        if re.fullmatch(r"-?[0-9]{1,2}", right.text):
            self.label = left.label_in(_ATOM) + right.text.translate(_SUPERSCRIPTS)
            self.joins_left = self.joins_right = left.joins_right
        else:
            self.label = f"{left.label_in(_ATOM)}^{right.label_in(_ATOM)}"


# ---------------------------------------------------------------------- the parser

_TOKEN = re.compile(
    r"(?P<number>([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?)|(?P<name>[a-z_][a-z0-9_]*)|(?P<symbol>\*\*|[-+*/^(),])"
)
_TYPOGRAPHY = str.maketrans("−–·×₀₁₂₃₄₅₆₇₈₉ABCDEFGHIJKLMNOPQRSTUVWXYZ", "--**0123456789abcdefghijklmnopqrstuvwxyz")
_END = "end"


class _Token(NamedTuple):
    """A number, name or symbol; its position counts characters from 1."""

    kind: str
    text: str
    position: int


class _Parser:
    """Makes a tree of a text, by recursive descent."""

    def __init__(self, text: object, columns: int | None) -> None:
        if not isinstance(text, str):
            _refuse(say("A formula must be a text such as x1*x2, got {value}.", value=shown(text)))
        if len(text) > MAX_LENGTH:
            _refuse(say("A formula may have {most} characters at most, got {count}.", most=MAX_LENGTH, count=len(text)))
        self._columns = columns
        self._tokens = self._tokenized(text.translate(_TYPOGRAPHY))
        self._next = 0
        self._nodes = 0
        self._depth = 0

    def formula(self) -> _Node:
        """Return the tree of the whole text."""
        if self._token.kind == _END:
            _refuse(say("A formula is empty; write one such as x1*x1 or sin(3*x1), or remove it."))
        tree = self._sum()
        if self._token.text == ")":
            position = self._token.position
            _refuse(say("The parenthesis closed at position {position} was never opened.", position=position))
        if self._token.text == ",":
            self._stray_comma()
        self._end_or_operator()
        return tree

    # ----------------------------------------------------------------- tokens

    def _tokenized(self, text: str) -> list[_Token]:
        tokens: list[_Token] = []
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match:
                tokens.append(_Token(str(match.lastgroup), match.group(), position + 1))
                position = match.end()
            elif text[position] in " \t":
                position += 1
            else:
                _refuse(
                    say(
                        "Unexpected {character} at position {position} of a formula; it is made of numbers, "
                        "{measurements}, functions such as sin(x1), + - * / ^ and parentheses.",
                        character=shown(text[position]),
                        position=position + 1,
                        measurements=self._measurements(),
                    )
                )
        return [*tokens, _Token(_END, "", len(text) + 1)]

    @property
    def _token(self) -> _Token:
        """The token that is looked at."""
        return self._tokens[self._next]

    def _take(self, *texts: str) -> _Token | None:
        """Return the present token and go on, if it is one of `texts`."""
        token = self._token
        if token.kind != "symbol" or token.text not in texts:
            return None
        self._next += 1
        return token

    def _measurements(self) -> str:
        """Say what the measurements are called."""
        if self._columns is None:
            return "x1, x2, …"
        if self._columns == 1:
            return "x1"
        return say("x1 and x2") if self._columns == 2 else say("x1 to {last}", last=f"x{self._columns}")

    # ---------------------------------------------------------------- grammar

    def _counted(self, node: _Node) -> _Node:
        """Return a new node of the tree, unless it is one too many."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            _refuse(
                say(
                    "A formula may have {most} numbers, names and operations at most; this one has more.",
                    most=MAX_NODES,
                )
            )
        return node

    def _sum(self) -> _Node:
        left = self._product()
        while operator := self._take("+", "-"):
            kind = _Sum if operator.text == "+" else _Difference
            left = self._counted(kind(left, self._product()))
        return left

    def _product(self) -> _Node:
        left = self._signed()
        while operator := self._take("*", "/"):
            kind = _Product if operator.text == "*" else _Quotient
            left = self._counted(kind(left, self._signed()))
        return left

    def _signed(self) -> _Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            _refuse(
                say(
                    "A formula may be nested {most} deep at most; this one goes deeper at position {position}.",
                    most=MAX_DEPTH,
                    position=self._token.position,
                )
            )
        sign = self._take("-", "+")
        node = self._power() if sign is None else self._signed()
        if sign is not None and sign.text == "-":
            node = self._counted(_Negative(node))
        self._depth -= 1
        return node

    def _power(self) -> _Node:
        base = self._atom()
        if self._take("^", "**"):
            return self._counted(_Power(base, self._signed()))
        return base

    def _atom(self) -> _Node:
        token = self._token
        if opened := self._take("("):
            node = self._sum()
            self._close(opened)
            return node
        if token.kind not in ("number", "name"):
            if token.kind == _END:
                _refuse(
                    say(
                        "At position {position} a formula must go on with a number, a name or '(', but it ends there.",
                        position=token.position,
                    )
                )
            _refuse(
                say(
                    "At position {position} a formula must go on with a number, a name or '(', got {value}.",
                    position=token.position,
                    value=shown(token.text),
                )
            )
        self._next += 1
        if token.kind == "number":
            if math.isinf(float(token.text)):
                _refuse(
                    say(
                        "The number {number} at position {position} of a formula is too large.",
                        number=shown(token.text, 20),
                        position=token.position,
                    )
                )
            return self._counted(_Number(token.text))
        return self._named(token)

    def _named(self, token: _Token) -> _Node:
        if token.text in FUNCTIONS:
            return self._call(token)
        if token.text in CONSTANTS:
            return self._counted(_Constant(token.text))
        number = re.fullmatch(r"x([1-9][0-9]{0,2})", token.text)
        if not number or (self._columns is not None and int(number[1]) > self._columns):
            _refuse(
                say(
                    "Unknown name {name} at position {position} of a formula; choose one of: {measurements}, {others}.",
                    name=shown(token.text, 30),
                    position=token.position,
                    measurements=self._measurements(),
                    others=", ".join([*CONSTANTS, *(f"{name}()" for name in FUNCTIONS.names)]),
                )
            )
        return self._counted(_Measurement(token.text))

    def _call(self, token: _Token) -> _Node:
        wanted = FUNCTIONS[token.text].traits["arguments"]
        example = f"{token.text}({', '.join(('x1', 'x2')[:wanted])})"
        opened = self._take("(")
        if opened is None:
            _refuse(
                say(
                    "The function {name} at position {position} needs parentheses, as in {example}.",
                    name=token.text,
                    position=token.position,
                    example=example,
                )
            )
        arguments: list[_Node] = []
        if self._token.text != ")":
            arguments.append(self._sum())
            while self._take(","):
                arguments.append(self._sum())
        self._close(opened)
        if len(arguments) != wanted:
            _refuse(
                say(
                    "The function {name} at position {position} takes {values}, as in {example}, got {count}.",
                    name=token.text,
                    position=token.position,
                    values=say("one value") if wanted == 1 else say("two values"),
                    example=example,
                    count=len(arguments),
                )
            )
        return self._counted(_Call(token.text, arguments))

    def _close(self, opened: _Token) -> None:
        if self._take(")"):
            return
        if self._token.kind == _END:
            position = opened.position
            _refuse(
                say("The parenthesis opened at position {position} of a formula is never closed.", position=position)
            )
        if self._token.text == ",":
            self._stray_comma()
        self._end_or_operator()

    def _stray_comma(self) -> NoReturn:
        _refuse(
            say(
                "The comma at position {position} of a formula parts no two values of a function; a half is written "
                "0.5.",
                position=self._token.position,
            )
        )

    def _end_or_operator(self) -> None:
        """Make sure that no operand follows an operand."""
        if self._token.kind == _END:
            return
        before, after = self._tokens[self._next - 1].text, self._token.text
        _refuse(
            say(
                "Between {before} and {after} at position {position} of a formula an operation is missing; a product "
                "is written {product}.",
                before=shown(before, 20),
                after=shown(after, 20),
                position=self._token.position,
                product=f"{before}*{after}",
            )
        )


def _refuse(message: str) -> NoReturn:
    raise InvalidValueError(message, "formulas")
