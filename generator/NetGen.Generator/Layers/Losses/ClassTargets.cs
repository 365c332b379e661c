using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers.Losses;

/// <summary>What the losses over classes have in common: labels, their weights, and the label that is ignored.</summary>
internal static class ClassTargets
{
    /// <summary>Reports NG1012 where the output is no vector of classes.</summary>
    public static void CheckOutput(LossContext context)
    {
        if (!context.Output.IsUnknown && !context.Output.IsVector)
            context.ReportShape("a vector of class scores");
    }

    public static IEnumerable<string> Options(EquatableArray<float> weight, int ignoreIndex)
    {
        if (weight.Count > 0)
            yield return "class weights";
        if (ignoreIndex != CrossEntropyLossSpec.DefaultIgnoreIndex)
            yield return $"ignoring {MessageText.Number(ignoreIndex)}";
    }

    /// <summary>One class index for each sample; the mean divides by the weights of those that are not ignored.</summary>
    public static LossTarget Labels(
        string driver, LossReduction reduction, EquatableArray<float> weight, int ignoreIndex, TensorShape output)
    {
        string ignored = $"{Invariant.Text(ignoreIndex)} for a sample that is to be ignored";
        string documentation = $"n class indices, 0 to {Invariant.Text(output.Size - 1)}, or {ignored}.";
        var labels = new ClassTarget("target", documentation, weight, ignoreIndex);
        LossDivisor divisor = reduction == LossReduction.Sum ? LossDivisor.One : LossDivisor.LabelWeights;
        return new(driver, new TargetParameter[] { labels }.ToEquatableArray(), divisor);
    }
}
