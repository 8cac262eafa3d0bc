"""Words that stand on the page and in its sentences without being a setting or a choice, each explained once.

Traits of an entry:
    symbol: What stands for it in formulas, or "".
    symbols: Further symbols of its own formula, each with its meaning.
    see: What is worth reading next: names of settings or of other terms, or kind and name of a choice as
        "projection/principal_components".
"""

from collections.abc import Mapping

from playground.registry import Registry
from playground.sentences import Sentence, say

TERMS: Registry[None] = Registry("term")

SYMBOLS: Mapping[str, Sentence] = {
    "L": say("Loss"),
    "f": say("Activation"),
    "n": say("How many are added up"),
    "t": say("Number of updates"),
    "ᵗ": say("To the power of the number of updates"),
    "v": say("Velocity: how far the weight moves"),
    "m": say("Mean of the last gradients"),
    "s": say("How large the squared gradients have been"),
    "Ω": say("What large weights cost"),
    "ȳ": say("Mean of the targets"),
    "σ": say("Standard deviation"),
    "nᵢₙ": say("Inputs of the layer"),
    "nₒᵤₜ": say("Neurons of the layer"),
    "W": say("All weights of the layer, a row for each input"),
    "Wᵀ": say("The same with rows and columns exchanged"),
    "I": say("1 on the diagonal, 0 elsewhere"),
    "U": say("Spread evenly between the two"),
    "N": say("Spread as a bell of this mean and variance"),
    "Φ": say("Share of a standard bell curve that is below"),
    "P": say("Probability"),
    "Σ": say("Sum"),
    "e": say("2.718…, the base of natural logarithms"),
    "exp": say("Exponential function"),
    "ln": say("Natural logarithm"),
    "∂L/∂w": say("Change of the loss for a small change of the weight"),
    "⌊": say("Rounded down as far as ⌋"),
    "←": say("Becomes"),
    "~": say("Is drawn at random"),
}
"""What stands in formulas, beside the symbols of terms and of parameters."""


def _term(
    name: str,
    label: str,
    help: str,
    *,
    formula: str = "",
    symbol: str = "",
    symbols: Mapping[str, Sentence] | None = None,
    see: tuple[str, ...] = (),
) -> None:
    TERMS.register(name, label=label, help=help, formula=formula, symbol=symbol, symbols=symbols or {}, see=see)(None)


# ------------------------------------------------------------------------ the data

_term(
    "data",
    "Data",
    "The points that the network learns from and is tested with, each with its right answer. Colours show the answer: "
    "a class, or a number.",
    see=(
        "dataset",
        "sample",
        "feature",
        "target",
        "training_data",
        "test_data",
        "classification",
        "regression",
    ),
)
_term(
    "classification",
    "Classification",
    "The answer is one of several classes, as the species of a flower. The network says how likely each class is.",
    see=("accuracy", "decision_boundary", "confusion_matrix", "regression"),
)
_term(
    "regression",
    "Regression",
    "The answer is a number, as a price or a temperature. The network is to come as close to it as it can.",
    see=("prediction", "r_squared", "absolute_error", "classification"),
)
_term(
    "sample",
    "Sample",
    "One example to learn from or to test with: a point of the picture, or a row of a table, with its right answer.",
    see=("target", "feature", "batch"),
)
_term(
    "target",
    "Target",
    "The right answer for a sample: its class, or the number to be predicted. Training compares the network's answer "
    "with it.",
    symbol="y",
    see=("output", "loss"),
)
_term(
    "training_data",
    "Training data",
    "The points that the network learns from. It adapts its weights so that it answers these well.",
    see=("test_data", "train_share", "overfitting"),
)
_term(
    "test_data",
    "Test data",
    "Points that are kept back: the network never learns from them. How well it answers them shows whether it has "
    "found the pattern, or has only learned the training points by heart.",
    see=("training_data", "train_share", "overfitting"),
)
_term(
    "seed",
    "Seed",
    "A number from which all chance follows. The same seed draws the same points or the same first weights again, so "
    "that a run can be repeated exactly; another seed shows what was luck.",
    see=("data_seed", "split_seed", "weights_seed", "shuffle_seed"),
)

# --------------------------------------------------------------------- the network

_term(
    "network",
    "Neural network",
    "Neurons in layers. Each layer makes new numbers of those of the layer before it, and the last one gives the "
    "answer. All that the network knows is in its weights and biases, and training finds them.",
    see=("feature", "neuron", "hidden_layer", "weight", "biases", "activation", "output", "parameters"),
)
_term(
    "feature",
    "Input",
    "A number that the network is told of each sample: a coordinate, something computed from it, or a column of a "
    "table. Also called a feature. The right input can make a hard problem easy.",
    symbol="x",
    see=("features", "formulas", "sample"),
)
_term(
    "neuron",
    "Neuron",
    "Multiplies each of its inputs by a weight, adds them up together with its bias, and applies its activation to "
    "the sum. Its small picture shows what it answers all over the plane.",
    formula="z = w₁ · x₁ + w₂ · x₂ + … + b\na = f(z)",
    see=("weight", "biases", "weighted_sum", "activation", "neuron_answer", "hidden_layer", "value_colors"),
)
_term(
    "weighted_sum",
    "Weighted sum",
    "All inputs of a neuron, each multiplied by its weight, added up together with the bias.",
    formula="z = Σ wᵢ · xᵢ + b",
    symbol="z",
    see=("neuron", "activation"),
)
_term(
    "neuron_answer",
    "Answer of a neuron",
    "What a neuron passes on to the next layer: its activation, applied to its weighted sum.",
    formula="a = f(z)",
    symbol="a",
    see=("activation", "weighted_sum"),
)
_term(
    "hidden_layer",
    "Hidden layer",
    "Neurons side by side, between the inputs and the output. It is called hidden because nobody says what they should "
    "answer: training finds out what helps. More neurons and layers can follow more complicated patterns.",
    see=("neuron", "activation", "dropout", "underfitting", "overfitting"),
)
_term(
    "weight",
    "Weight",
    "How strongly a neuron takes an input into account, and with which sign. A thick line is a large weight; blue is "
    "positive, orange negative. Training changes the weights.",
    symbol="w",
    see=("biases", "gradient", "update", "initializer", "regularization"),
)
_term(
    "biases",
    "Bias",
    "A number that a neuron adds to the weighted sum of its inputs. It shifts the place where the neuron switches "
    "from low to high.",
    symbol="b",
    see=("weight", "neuron", "bias"),
)
_term(
    "parameters",
    "Parameters",
    "All weights and biases together: the numbers that training may change. A layer has a weight for each of its "
    "inputs and neurons, and a bias for each neuron.",
    formula="k = Σ (nᵢₙ + 1) · nₒᵤₜ",
    symbols={"k": say("Number of parameters"), "Σ": say("Sum over all layers")},
    see=("weight", "biases", "overfitting"),
)
_term(
    "value_colors",
    "Colours of values",
    "Blue stands for positive numbers and orange for negative ones; the stronger the colour, the further from 0. This "
    "holds for weights, for biases and for what neurons answer.",
    see=("weight", "biases", "neuron"),
)
_term(
    "output",
    "Output",
    "What the last layer of the network answers: how likely a class is, or a number.",
    symbol="ŷ",
    see=("target", "output_activation", "loss"),
)

# ----------------------------------------------------------------------- training

_term(
    "epoch",
    "Epoch",
    "One pass over the training data: every training point has been looked at once. With 250 training points and "
    "batches of 10, that takes 25 updates.",
    formula="u = ⌈n / B⌉",
    symbols={
        "u": say("Updates in an epoch"),
        "n": say("Number of training points"),
        "⌈": say("Rounded up as far as ⌉"),
    },
    see=("update", "batch", "sample", "training_data"),
)
_term(
    "batch",
    "Batch",
    "The training points that one update looks at together. Small batches make many quick and shaky updates in an "
    "epoch; large ones make few and steady ones.",
    see=("batch_size", "update", "epoch"),
)
_term(
    "update",
    "Update",
    "One change of all weights and biases, by what the gradient of one batch says. Also called a step.",
    formula="w ← w − η · g",
    see=("gradient", "learning_rate", "optimizer", "batch"),
)
_term(
    "speed",
    "Speed",
    "How many epochs or updates are made in a second, as far as the computer keeps up. It changes nothing about what "
    "is learned, only how fast you see it.",
    see=("epoch", "update"),
)
_term(
    "gradient",
    "Gradient",
    "How much the loss changes when a weight is changed a little, for all weights at once. It points uphill, so an "
    "update goes the other way. It is computed from the output backwards, layer by layer: backpropagation.",
    formula="g = ∂L/∂w",
    symbol="g",
    see=("update", "learning_rate", "gradient_histogram"),
)

# ----------------------------------------------------------- how well it has learned

_term(
    "training_loss",
    "Training loss",
    "How wrong the network is on the training data, on average: the smaller the better. This is what training makes "
    "small.",
    see=("loss", "test_loss", "training_data", "overfitting"),
)
_term(
    "test_loss",
    "Test loss",
    "How wrong the network is, on average, on points that it has not learned from: the smaller the better. If it is "
    "much larger than the training loss, the network overfits.",
    see=("loss", "training_loss", "test_data", "overfitting"),
)
_term(
    "accuracy",
    "Accuracy",
    "The share of points whose class the network answers rightly. Who guesses between two classes of equal size gets "
    "50%.",
    formula="A = r / n",
    symbols={"A": say("Accuracy"), "r": say("Right answers"), "n": say("All answers")},
    see=("confusion_matrix", "wrong_points", "test_data"),
)
_term(
    "r_squared",
    "R²",
    "How much of the ups and downs of the target the network explains: 1 is all of it, and 0 is no better than always "
    "answering the mean. Below 0 it is worse than that.",
    formula="R² = 1 − Σ (ŷ − y)² / Σ (y − ȳ)²",
    see=("absolute_error", "target"),
)
_term(
    "absolute_error",
    "Mean absolute error (MAE)",
    "How far the answers are from the targets on average, in the units of the target.",
    formula="MAE = (1/n) · Σ |ŷ − y|",
    see=("r_squared", "target"),
)
_term(
    "loss_chart",
    "Loss chart",
    "The loss on training and test data, epoch by epoch. Both should fall. If only the training loss does, the network "
    "overfits; if neither does, it underfits, or the learning rate does not suit.",
    see=("training_loss", "test_loss", "overfitting", "underfitting", "plateau", "divergence", "log_scale"),
)
_term(
    "log_scale",
    "Logarithmic scale",
    "Equal distances along the axis are equal factors: from 0.01 to 0.1 is as far as from 0.1 to 1. So small losses "
    "can be told apart as well as large ones.",
    see=("loss_chart",),
)
_term(
    "confusion_matrix",
    "Confusion matrix",
    "How often each class was answered for points of each class: a row for the right class, a column for the answer. "
    "Right answers are on the diagonal; all others show what is taken for what.",
    see=("accuracy", "wrong_points"),
)
_term(
    "weight_histogram",
    "Weight histogram",
    "How many weights and biases of each layer have about which value. Training spreads them out; regularization draws "
    "them towards 0.",
    see=("weight", "biases", "initializer", "regularization", "gradient_histogram"),
)
_term(
    "gradient_histogram",
    "Gradient histogram",
    "How the gradients of the last update are spread in each layer. Where all of them are close to 0, the layer learns "
    "hardly anything.",
    see=("gradient", "weight_histogram", "activation", "plateau"),
)
_term(
    "overfitting",
    "Overfitting",
    "The network learns the training points by heart, with all their noise, so that the training loss falls while the "
    "test loss rises. More points, a smaller network, regularization, dropout or stopping earlier help.",
    see=("underfitting", "regularization", "dropout", "stop_patience", "test_loss"),
)
_term(
    "underfitting",
    "Underfitting",
    "The network is too simple, or has not been trained enough, to follow the pattern: both losses stay high. More "
    "neurons, other inputs or more training help.",
    see=("overfitting", "hidden_layer", "feature"),
)
_term(
    "divergence",
    "Divergence",
    "The loss grows without bound, because each update overshoots further than the one before. A smaller learning rate "
    "helps.",
    see=("learning_rate", "update", "gradient"),
)
_term(
    "plateau",
    "Plateau",
    "A stretch on which the loss hardly falls. The network has learned what it can, or gradients are so small that it "
    "takes long to get on; then a larger learning rate or another optimizer may help.",
    see=("gradient", "learning_rate", "optimizer", "stop_patience"),
)

# -------------------------------------------------------------------- the picture

_term(
    "decision_boundary",
    "Decision boundary",
    "The line at which the network goes over from one class to another. The colour on either side is the class that "
    "it answers there; where the colour is pale, it is not sure.",
    see=("output", "test_data", "discretize", "wrong_points", "slice"),
)
_term(
    "prediction",
    "Prediction",
    "What the network answers at each place, as a colour; the points have the colour of their targets. Where a point "
    "cannot be told from what is around it, the answer is right.",
    see=("output", "target", "test_data", "slice"),
)
_term(
    "discretize",
    "Discretized output",
    "Shows which class is answered, but not how sure the network is; and of a neuron whether it is on or off.",
    see=("decision_boundary", "output"),
)
_term(
    "wrong_points",
    "Wrong points",
    "Points of one class that the network takes for another. Points in the midst of the other class may be noise, "
    "which nobody can predict.",
    see=("accuracy", "confusion_matrix", "noise"),
)
_term(
    "slice",
    "Slice",
    "A picture has two directions; data may have more measurements. Then the picture shows a slice through them: what "
    "is not drawn has one value all over it, that of a chosen sample or the median.",
    see=("projection", "projection/principal_components", "axes", "slice_sample"),
)
