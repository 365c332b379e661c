using NetGen.Generator.Specs;

namespace NetGen.Generator.Functions.Activations;

/// <summary>A function of two numbers whose second is a constant.</summary>
internal sealed class ConstantFunction(ConstantActivation activation) : ActivationFunction
{
    public override ElementValue Apply(ElementValue x) => BinaryFunctions.Apply(activation.Function, x, activation.Constant);

    public override ElementValue Derivative(ElementValue gradient, ElementValue saved) => activation.Function == BinaryFunction.Div
        ? gradient / activation.Constant
        : BinaryFunctions.Derivative(activation.Function, ofSecond: false, gradient, saved, activation.Constant);
}
