using NetGen.Generator.Specs;
using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>
/// What the cells of recurrent layers compute of one unit in one step, and back. Formulas of torch.nn's <c>RNN</c>, <c>LSTM</c> and
/// <c>GRU</c>: a <i>product</i> is a gate's product of the state, with its bias; the inputs' is beside it.
/// </summary>
internal static class RecurrentFunctions
{
    private static readonly SigmoidFunction s_sigmoid = new();
    private static readonly TanhFunction s_tanh = new();

    /// <summary>h = f(input + product).</summary>
    public static ElementProgram Plain(bool isReLU, ElementValue input, ElementValue product)
        => new ElementCode().Returning(OfPlain(isReLU).Apply(input + product).Term);

    /// <summary>i, f, o = σ(…), g = tanh(…); c′ = f c + i g, h′ = o tanh(c′).</summary>
    /// <returns>h′, c′, then the gates.</returns>
    public static ElementProgram LSTM(IReadOnlyList<ElementValue> inputs, IReadOnlyList<ElementValue> products, ElementValue cell)
    {
        var code = new ElementCode();
        ElementValue input = code.Let("inputGate", s_sigmoid.Apply(inputs[0] + products[0])),
            forget = code.Let("forgetGate", s_sigmoid.Apply(inputs[1] + products[1])),
            candidate = code.Let("candidate", s_tanh.Apply(inputs[2] + products[2])),
            output = code.Let("outputGate", s_sigmoid.Apply(inputs[3] + products[3])),
            next = code.Let("next", MultiplyAdd(forget, cell, input * candidate));
        return code.Returning((output * s_tanh.Apply(next)).Term, next.Term, input.Term, forget.Term, candidate.Term, output.Term);
    }

    /// <summary>r, z = σ(…), n = tanh(input + r product); h′ = (1 − z) n + z h.</summary>
    /// <returns>h′, then the gates, then n's product.</returns>
    public static ElementProgram GRU(IReadOnlyList<ElementValue> inputs, IReadOnlyList<ElementValue> products, ElementValue state)
    {
        var code = new ElementCode();
        ElementValue reset = code.Let("reset", s_sigmoid.Apply(inputs[0] + products[0])),
            update = code.Let("update", s_sigmoid.Apply(inputs[1] + products[1])),
            product = code.Let("product", products[2]),
            candidate = code.Let("candidate", s_tanh.Apply(MultiplyAdd(reset, product, inputs[2])));
        return code.Returning(
            MultiplyAdd(update, Group(state - candidate), candidate).Term, reset.Term, update.Term, candidate.Term, product.Term);
    }

    /// <param name="gradient">Of the state that was given, from all who read it.</param>
    /// <returns>The gradient of input and product.</returns>
    public static ElementProgram PlainGradient(bool isReLU, ElementValue gradient, ElementValue saved)
    {
        var code = new ElementCode();
        return code.Returning(OfPlain(isReLU).Derivative(code.Let("slope", gradient), saved).Term);
    }

    /// <param name="gates">i, f, g, o.</param>
    /// <param name="cell">c′.</param>
    /// <param name="before">c.</param>
    /// <param name="gradient">Of h′.</param>
    /// <param name="cellGradient">Of c′, from all but h′.</param>
    /// <returns>The gradients of the gates' inputs, and of c.</returns>
    public static ElementProgram LSTMGradient(IReadOnlyList<ElementValue> gates, ElementValue cell, ElementValue before,
        ElementValue gradient, ElementValue cellGradient)
    {
        var code = new ElementCode();
        ElementValue input = code.Let("inputGate", gates[0]), forget = code.Let("forgetGate", gates[1]),
            candidate = code.Let("candidate", gates[2]), output = code.Let("outputGate", gates[3]),
            bounded = code.Let("bounded", s_tanh.Apply(cell)), ofNext = code.Let("ofNext", gradient),
            ofCell = code.Let("ofCell", MultiplyAdd(ofNext * output, 1 - bounded * bounded, cellGradient));
        return code.Returning(
            s_sigmoid.Derivative(ofCell * candidate, input).Term, s_sigmoid.Derivative(ofCell * before, forget).Term,
            s_tanh.Derivative(ofCell * input, candidate).Term, s_sigmoid.Derivative(ofNext * bounded, output).Term,
            (ofCell * forget).Term);
    }

    /// <param name="saved">r, z, n, and n's product.</param>
    /// <param name="state">h.</param>
    /// <param name="gradient">Of h′.</param>
    /// <returns>The gradients of the gates' inputs, of n's product, and of h but for its products.</returns>
    public static ElementProgram GRUGradient(IReadOnlyList<ElementValue> saved, ElementValue state, ElementValue gradient)
    {
        var code = new ElementCode();
        ElementValue reset = code.Let("reset", saved[0]), update = code.Let("update", saved[1]),
            candidate = code.Let("candidate", saved[2]), ofNext = code.Let("ofNext", gradient),
            ofCandidate = code.Let("ofCandidate", s_tanh.Derivative(ofNext * Group(1 - update), candidate));
        return code.Returning(
            s_sigmoid.Derivative(ofCandidate * saved[3], reset).Term,
            s_sigmoid.Derivative(ofNext * Group(state - candidate), update).Term,
            ofCandidate.Term, (ofCandidate * reset).Term, (ofNext * update).Term);
    }

    private static ActivationFunction OfPlain(bool isReLU) => ActivationFunction.For(isReLU ? Activation.ReLU : Activation.Tanh);
}
