using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers.Losses;

/// <summary>One form in which <c>Step</c> takes what the output is compared with.</summary>
/// <param name="Driver">Names the computation of the loss from it, unique among the forms of a loss.</param>
/// <param name="Parameters">What <c>Step</c> and <c>Backward</c> take, in order; no two of one type.</param>
internal sealed record LossTarget(string Driver, EquatableArray<TargetParameter> Parameters, LossDivisor Divisor)
{
    /// <summary>A value for each of the network's outputs.</summary>
    /// <param name="meaning">E.g. <c>what the output should be</c>.</param>
    public static LossTarget Values(string driver, TensorShape output, string meaning, LossDivisor divisor)
        => new(driver, new TargetParameter[] { ValueTarget.For(output, meaning) }.ToEquatableArray(), divisor);
}
