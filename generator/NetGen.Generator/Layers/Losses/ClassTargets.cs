using NetGen.Generator.Diagnostics;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers.Losses;

/// <summary>What the losses over classes have in common: labels, their weights, and the label that is ignored.</summary>
internal static class ClassTargets
{
    /// <summary>Each position of the output has scores of the classes, and a label.</summary>
    /// <param name="dim">The dimension of the classes.</param>
    public static bool AreOfPositions(int dim, TensorShape output) => output.IsSequence && dim is -1 or 2;

    /// <summary>
    /// Reports NG1012 where the output is neither a vector of classes nor positions of such, and NG1122 where the classes are not its last
    /// dimension.
    /// </summary>
    public static void CheckOutput(int dim, LossContext context)
    {
        TensorShape output = context.Output;
        if (output.IsUnknown || AreOfPositions(dim, output) || (output.IsVector && dim is 1 or -1))
            return;
        if (output.IsSequence && dim == 1)
        {
            context.Report(DiagnosticDescriptors.ClassDimension, null, null, context.TypeName,
                $"it takes dimension 1 for the classes, as PyTorch does of (batch, classes, positions), and {context.Source} gives "
                    + $"{output.InWords}; write Dim = -1 for scores of classes at each position");
        }
        else if (output.IsVector || output.IsSequence)
        {
            context.Report(DiagnosticDescriptors.ClassDimension, "Dim", null, context.TypeName,
                $"Dim = {MessageText.Number(dim)} is not the last dimension of {output.InWords}; write Dim = -1");
        }
        else
        {
            context.ReportShape("a vector of class scores");
        }
    }

    public static IEnumerable<string> Options(int dim, EquatableArray<float> weight, int ignoreIndex)
    {
        if (dim != 1)
            yield return $"dim {MessageText.Number(dim)}";
        if (weight.Count > 0)
            yield return "class weights";
        if (ignoreIndex != CrossEntropyLossSpec.DefaultIgnoreIndex)
            yield return $"ignoring {MessageText.Number(ignoreIndex)}";
    }

    /// <summary>
    /// One class index for each sample, or for each of its positions; the mean divides by the weights of those that are not ignored.
    /// </summary>
    public static LossTarget Labels(
        string driver, LossReduction reduction, int dim, EquatableArray<float> weight, int ignoreIndex, TensorShape output)
    {
        bool ofPositions = AreOfPositions(dim, output);
        string ignored = $"{Invariant.Text(ignoreIndex)} for a {(ofPositions ? "position" : "sample")} that is to be ignored";
        string count = !ofPositions ? "n class indices" : output.HasLengths ? "A class index for each position of the n samples"
            : $"n × {Invariant.Text(output.Channels)} class indices";
        string documentation = $"{count}, 0 to {Invariant.Text((ofPositions ? output.Width : output.Size) - 1)}, or {ignored}.";
        var labels = new ClassTarget("target", documentation, weight, ignoreIndex)
        {
            Positions = ofPositions ? output.Channels : null,
            Classes = ofPositions ? output.Width : null,
        };
        LossDivisor divisor = reduction == LossReduction.Sum ? LossDivisor.One : LossDivisor.LabelWeights;
        return new(driver, new TargetParameter[] { labels }.ToEquatableArray(), divisor);
    }
}
