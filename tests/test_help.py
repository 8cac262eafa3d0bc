"""What the page explains: that all of it is explained, and that the formulas are those of the components."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from playground.catalogue import help_book
from playground.data import FEATURES
from playground.nn import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    REGULARIZERS,
    SCHEDULES,
    Input,
    Sequential,
    layers,
)
from playground.nn.tape import Tape
from playground.registry import Parameter
from playground.server.app import create_app
from playground.training import MEASUREMENTS, SETTINGS
from playground.training.terms import TERMS
from tests.server.fake_pool import FakePool

ROOT = Path(__file__).parents[1]
BOOK = help_book().explanations
WITH_FORMULAS = (ACTIVATIONS, LOSSES, OPTIMIZERS, REGULARIZERS, INITIALIZERS, SCHEDULES, FEATURES)


def entries(*registries):
    return [pytest.param(registry, entry, id=entry.name) for registry in registries for entry in registry]


# ------------------------------------------------------------------- all is explained


@pytest.mark.parametrize(("registry", "entry"), entries(*WITH_FORMULAS))
def test_every_component_has_a_formula_in_the_help_book(registry, entry):
    assert BOOK[f"{registry.kind}/{entry.name}"].formula


def test_every_term_and_every_setting_with_a_field_of_its_own_is_explained():
    for name in (*TERMS.names, *(setting.name for setting in SETTINGS if setting.kind != "options")):
        assert BOOK[name].label
        assert BOOK[name].text.endswith("."), name


def test_a_term_is_no_setting():
    assert not set(TERMS.names) & {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("key", BOOK)
def test_what_to_see_next_is_explained_too(key):
    assert key not in BOOK[key].see
    for other in BOOK[key].see:
        assert other in BOOK


def test_every_term_can_be_reached_from_the_page():
    page = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    scripts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "static" / "js").rglob("*.js"))
    named = re.findall(r'data-term="([\w ]+)"', page) + re.findall(r"(?:term|key): '([\w ]+)'", scripts)
    pending = [key for names in named for key in names.split()] + [setting.name for setting in SETTINGS]
    pending += ["training_loss", "test_loss", "absolute_error", "prediction", "classification", "regression"]
    reached = set()
    while pending:
        key = pending.pop()
        if key in BOOK and key not in reached:
            reached.add(key)
            pending += BOOK[key].see
    assert set(TERMS.names) <= reached


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_every_word_that_the_page_lets_ask_about_is_explained(path):
    for names in re.findall(r'data-term="([\w ]+)"', path.read_text(encoding="utf-8")):
        assert set(names.split()) <= set(BOOK)


KNOWN = {"max", "min", "sin", "cos", "tanh", "ln", "exp", "L1", "L2", "MAE", "i", "j", "k", "π"}
LETTERS = re.compile(r"[A-Za-zα-ωΑ-Ωŷȳ∂][A-Za-z0-9]*")


@pytest.mark.parametrize("key", [key for key in BOOK if BOOK[key].formula])
def test_every_letter_of_a_formula_is_explained_beside_it(key):
    formula = BOOK[key].formula
    defined = re.findall(r"(?:^|[\n,:] ?)\s*([A-Za-z])[ₜᵢ]?²?(?:\(\w\))? [=←]", formula)
    bounds = ["r"] if "U(−r, r)" in formula else []
    drawn = ["r"] if "P(r = 0)" in formula else []
    symbols = {letter for symbol, _ in BOOK[key].symbols for letter in LETTERS.findall(symbol)}
    for letter in LETTERS.findall(re.sub("[ᵢₙₒᵤₜⱼₖᵗᶻᵀ⁻₊]", "", formula)):
        assert letter in symbols | KNOWN | set(defined) | set(bounds) | set(drawn), letter


def test_a_symbol_of_a_component_goes_before_the_same_one_of_all():
    assert dict(BOOK["optimizer/adamw"].symbols)["λ"] == "Weight decay"
    assert dict(BOOK["regularization_rate"].symbols)["λ"] == "Regularization rate"


def test_measurements_are_not_what_a_person_chooses_but_explained_all_the_same():
    assert {f"measurement/{name}" for name in MEASUREMENTS.names} <= set(BOOK)


# ------------------------------------------------- formulas, computed as they are written

_SIGNS = {
    "e⁻ᶻ": "exp(-z)",
    "eᶻ": "exp(z)",
    "−": "-",
    "·": "*",
    "²": "**2",
    "^": "**",
    "⌊": "floor(",
    "⌋": ")",
    "[": "(",
    "]": ")",
    "≤": "<=",
    "ln": "log",
    "₀": "_0",
    "₁": "_1",
    "₂": "_2",
    "ₜ₊_1": "_next",
    "ₜ": "_now",
    "nᵢₙ": "n_in",
    "nₒᵤ_now": "n_out",
}
_FUNCTIONS = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "floor": math.floor,
    "total": np.sum,
    "abs": np.abs,
    "max": np.maximum,
    "π": math.pi,
    "Φ": lambda z: 0.5 * (1 + np.vectorize(math.erf)(z / math.sqrt(2))),
}


def python(mathematics):
    """Return an expression of the help book as Python: nothing is known of the components."""
    text = mathematics
    for sign, code in _SIGNS.items():
        text = text.replace(sign, code)
    text = re.sub(r"([\w.]+)ᵗ", r"\1**t", text)
    text = re.sub(r"√(\w+)", r"sqrt(\1)", text).replace("√", "sqrt")
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text)
    while "Σ" in text:  # the last one first: it reaches as far as its product
        before, product = text.rsplit("Σ", 1)
        depth = end = 0
        while (
            end < len(product)
            and depth >= 0
            and not (depth == 0 and product[end:].startswith((" + ", " - ", " / total")))
        ):
            depth += {"(": 1, ")": -1}.get(product[end], 0)
            end += 1
        if depth < 0:
            end -= 1
        text = f"{before}total({product[:end].lstrip('ᵢⱼ ')}){product[end:]}"
    return text.replace("ᵢ", "").replace("ⱼ", "")


def run(formula, **values):
    """Return the values after a formula's lines, in which later lines see the results of earlier ones."""
    known = {python(name): value for name, value in values.items()}
    for line in formula.split("\n"):
        condition, _, statement = line.rpartition(": ")
        if condition and not eval(python(condition), {}, {**_FUNCTIONS, **known}):
            continue
        for part in re.split(r", (?![^()]*\))", statement):
            name, _, expression = part.replace("←", "=").partition(" = ")
            if expression:
                result = eval(python(expression), {}, {**_FUNCTIONS, **known})
                known[python(re.sub(r"\(\w\)$", "", name))] = result
    return known


@pytest.mark.parametrize("entry", [entry for entry in ACTIVATIONS if entry.value.elementwise], ids=lambda e: e.name)
def test_an_activations_formula_computes_what_the_activation_does(entry):
    options = {parameter.symbol: parameter.default for parameter in entry.parameters}
    for z in (-2.5, -0.3, 0.7, 3.0):
        model = Sequential([Input((1,)), layers.Activation(entry.name)])
        assert run(entry.formula, z=z, **options)["f"] == pytest.approx(model.predict([[z]])[0, 0], rel=1e-4)


def test_softmaxs_formula_computes_what_softmax_does():
    z = np.array([0.5, -1.0, 2.0])
    model = Sequential([Input((3,)), layers.Activation("softmax")])
    assert run(ACTIVATIONS["softmax"].formula, z=z)["f"] == pytest.approx(model.predict([z])[0], rel=1e-5)


ANSWERS = np.array([0.2, 0.9, 0.4])


def loss_of(name, answers, targets):
    loss = LOSSES[name].value()
    rows = loss.encode(np.array(targets, float), 1).T
    tape, out = Tape(), np.empty((1, len(answers)))
    loss.terms(tape, np.array([answers], float), rows, out)
    tape.run()
    return out.mean()


@pytest.mark.parametrize(
    "name", ["mean_squared_error", "half_squared_error", "mean_absolute_error", "binary_crossentropy", "perceptron"]
)
def test_a_losss_formula_computes_what_the_loss_does(name):
    y = np.array([0.0, 1.0, 1.0])
    computed = run(LOSSES[name].formula.split("\n")[0], **{"ŷ": ANSWERS, "y": y, "n": 3})["L"]
    assert computed == pytest.approx(loss_of(name, ANSWERS, y))


def test_hinges_formula_computes_what_hinge_does():
    answers, y = np.array([0.2, -3.0, 0.4]), np.array([1.0, -1.0, -1.0])
    line = LOSSES["hinge"].formula.removesuffix(", y = ±1")
    assert run(line, **{"ŷ": answers, "y": y, "n": 3})["L"] == pytest.approx(loss_of("hinge", answers, y))


def test_categorical_crossentropys_formula_computes_what_it_does():
    answers, y = np.array([[0.2, 0.5, 0.3], [0.1, 0.1, 0.8]]), np.eye(3)[[1, 0]]
    formula = LOSSES["categorical_crossentropy"].formula
    computed = run(formula, **{"ŷ": answers, "y": y, "n": 2})["L"]
    assert computed == pytest.approx(-(math.log(0.5) + math.log(0.1)) / 2)


@pytest.mark.parametrize("difference", [-3.0, -0.4, 0.0, 0.9, 1.0, 5.0])
def test_hubers_formula_computes_what_huber_does(difference):
    below = LOSSES["huber"].formula.split("\n", 1)[1]
    assert run(below, d=difference, δ=1.0)["h"] == pytest.approx(loss_of("huber", [difference], [0.0]))


GRADIENTS = [0.8, -1.5, 0.3, 0.3, 2.0]


@pytest.mark.parametrize(
    ("name", "options", "symbols"),
    [
        ("sgd", {"momentum": 0.9}, {"μ": 0.9}),
        ("adagrad", {}, {"ε": 1e-7}),
        ("rmsprop", {"momentum": 0.5}, {"ρ": 0.9, "μ": 0.5, "ε": 1e-7}),
        ("adam", {}, {"β₁": 0.9, "β₂": 0.999, "ε": 1e-7}),
        ("adamw", {"weight_decay": 0.1}, {"β₁": 0.9, "β₂": 0.999, "ε": 1e-7, "λ": 0.1}),
        ("nadam", {}, {"β₁": 0.9, "β₂": 0.999, "ε": 1e-7}),
    ],
)
def test_an_optimizers_formula_moves_a_weight_as_the_optimizer_does(name, options, symbols):
    optimizer = OPTIMIZERS[name].value(learning_rate=0.1, **options)
    weights, gradients = np.array([2.0]), np.zeros((2, 1))
    state, tape = optimizer.new_state(1), Tape()
    optimizer.record(tape, weights, gradients, state, [gradients[0]])

    def u(t):
        return 0.9 * (1 - 0.96**t / 2)

    known = {"w": 2.0, "v": 0.0, "m": 0.0, "s": state.first, "η": 0.1, **symbols}
    for t, gradient in enumerate(GRADIENTS, start=1):
        gradients[0] = gradient
        tape.run()
        lines = OPTIMIZERS[name].formula.split("\n")
        if name == "nadam":  # its products are written with dots
            del lines[2]
            product = math.prod(u(step) for step in range(1, t + 1))
            known |= {"uₜ": u(t), "uₜ₊₁": u(t + 1), "qₜ": product, "qₜ₊₁": product * u(t + 1)}
        known = run("\n".join(lines), **(known | {"g": gradient, "t": t}))
        assert known["w"] == pytest.approx(weights[0], rel=1e-9)


def test_nesterovs_and_the_centred_formula_move_a_weight_as_the_optimizers_do():
    for name, option, symbols in [
        ("sgd", "nesterov", {"μ": 0.9}),
        ("rmsprop", "centered", {"ρ": 0.9, "μ": 0.9, "ε": 1e-7}),
    ]:
        entry = OPTIMIZERS[name]
        optimizer = entry.value(learning_rate=0.1, momentum=0.9, **{option: True})
        weights, gradients = np.array([2.0]), np.zeros((2, 1))
        tape = Tape()
        optimizer.record(tape, weights, gradients, optimizer.new_state(1), [gradients[0]])
        [own] = [parameter.formula for parameter in entry.parameters if parameter.name == option]
        first, last = entry.formula.split("\n")[0], "" if option == "nesterov" else "\nw ← w − v"
        known = {"w": 2.0, "v": 0.0, "s": 0.0, "c": 0.0, "η": 0.1, **symbols}
        for gradient in GRADIENTS:
            gradients[0] = gradient
            tape.run()
            known = run(f"{first}\n{own}{last}", **(known | {"g": gradient}))
            assert known["w"] == pytest.approx(weights[0], rel=1e-9)


@pytest.mark.parametrize("entry", list(REGULARIZERS), ids=lambda entry: entry.name)
def test_a_regularizers_formula_computes_its_penalty(entry):
    kernel = np.array([[0.5, -2.0], [0.0, 1.5]])
    rates = {parameter.symbol: 0.1 for parameter in entry.parameters}
    assert run(entry.formula, w=kernel, **rates)["Ω"] == pytest.approx(entry.value.at(0.1).penalty(kernel))


@pytest.mark.parametrize("entry", list(SCHEDULES), ids=lambda entry: entry.name)
def test_a_schedules_formula_computes_its_rates(entry):
    options = {parameter.symbol: parameter.default for parameter in entry.parameters if parameter.symbol}
    for t in (0, 1, 250, 999, 1000, 2500):
        assert run(entry.formula, t=t, **options)["η"] == pytest.approx(entry.value()(t))


@pytest.mark.parametrize("entry", list(INITIALIZERS), ids=lambda entry: entry.name)
def test_an_initializers_formula_says_how_its_weights_are_spread(entry):
    fan_in, units = 300, 200
    weights = entry.value()((fan_in, units), np.random.default_rng(1))
    options = {parameter.symbol: parameter.default for parameter in entry.parameters if parameter.symbol}
    values = {"nᵢₙ": fan_in, "nₒᵤₜ": units, **options}
    formula = entry.formula.removesuffix(", |w| ≤ 2.27 · σ")
    if match := re.search(r"U\((.+?), (.+?)\)", formula):
        known = run(re.sub(r"w ~ [^)]*\)(, )?", "", formula), **values)
        known.setdefault("r", known.get("r**2", 0) ** 0.5)
        low, high = (eval(python(bound), {}, known) for bound in match.groups())
        assert low <= weights.min() < low + 0.01 * (high - low)
        assert high - 0.01 * (high - low) < weights.max() <= high
    elif "N(" in formula:
        known = run(re.sub(r"w ~ [^)]*\)(, )?", "", formula), **values)
        spread = known.get("σ**2", known.get("σ", 0) ** 2) ** 0.5
        assert weights.std() == pytest.approx(spread, rel=0.02)
        assert (abs(weights).max() <= 2.275 * spread) == (formula != entry.formula)
    elif entry.name == "orthogonal":
        assert weights.T @ weights == pytest.approx(np.eye(units), abs=1e-9)
    else:
        assert weights == pytest.approx(run(formula, **values)["w"])


@pytest.mark.parametrize("entry", list(FEATURES), ids=lambda entry: entry.name)
def test_a_features_formula_computes_the_feature(entry):
    x1, x2 = np.array([0.5, -2.0]), np.array([3.0, 1.5])
    computed = eval(python(entry.formula.split(" = ")[-1]), {}, {**_FUNCTIONS, "x_1": x1, "x_2": x2})
    assert computed == pytest.approx(entry.value(x1, x2))


def test_the_formulas_of_the_metrics_compute_what_the_page_shows():
    y, answers = np.array([1.0, 2.0, 4.0]), np.array([1.5, 2.0, 3.0])
    values = {"ŷ": answers, "y": y, "ȳ": y.mean(), "n": 3}
    expression = TERMS["r_squared"].formula.removeprefix("R² = ")
    known = {python(name): value for name, value in values.items()}
    assert eval(python(expression), {}, {**_FUNCTIONS, **known}) == pytest.approx(1 - 1.25 / (14 / 3))
    assert run(TERMS["absolute_error"].formula, **values)["MAE"] == pytest.approx(0.5)


# ------------------------------------------------------------------- the server's part


@pytest.fixture(scope="module")
def client():
    return create_app(FakePool()).test_client()


def test_the_help_book_is_fetched_apart_from_the_page(client):
    answer = client.get("/help.json?lang=en")
    assert answer.content_type == "application/json"
    assert answer.json["explanations"]["activation/tanh"] == {
        "label": "Tanh",
        "text": ACTIVATIONS["tanh"].help,
        "formula": ACTIVATIONS["tanh"].formula,
        "symbols": [["f", "Activation"], ["z", "Weighted sum"], ["e", "2.718…, the base of natural logarithms"]],
        "source": ACTIVATIONS["tanh"].source,
        "see": ["activation"],
    }
    page = client.get("/").text
    assert TERMS["epoch"].help not in page
    assert ACTIVATIONS["tanh"].help not in page


def test_a_browser_that_has_the_help_book_is_not_sent_it_again(client):
    tag = client.get("/help.json").headers["ETag"]
    assert client.get("/help.json", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("language", ["xx", "", "../../etc/passwd", "<script>"])
def test_a_language_that_there_is_not_gets_the_english_help_book(client, language):
    answer = client.get("/help.json", query_string={"lang": language})
    assert answer.json["explanations"]["epoch"]["label"] == "Epoch"


def test_a_parameter_has_no_symbol_and_no_formula_unless_it_is_given_one():
    assert (Parameter("a", "A", 0, 0, 1).symbol, Parameter("a", "A", 0, 0, 1).formula) == ("", "")
