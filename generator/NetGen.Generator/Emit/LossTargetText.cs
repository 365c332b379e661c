using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>The targets of losses in the emitted trainer.</summary>
internal static class LossTargetText
{
    extension (TargetParameter parameter)
    {
        /// <summary>Element type of the span.</summary>
        public string Type => parameter is ValueTarget ? "float" : "int";

        /// <summary>C# expression: elements for one sample.</summary>
        public string PerSample => parameter is ValueTarget ? "OutputSize" : "1";

        /// <summary>The trainer's field that holds the pointer while the threads run.</summary>
        public string Field => parameter is ValueTarget ? "_values" : "_labels";
    }

    /// <summary>Writes the checks of the arguments, and sets <c>divisor</c>: what the sum of the losses is divided by.</summary>
    /// <param name="samples">C# expression of their number.</param>
    public static void EmitCheck(this LossTarget target, SourceWriter writer, string samples)
    {
        foreach (TargetParameter parameter in target.Parameters)
            writer.Line(CheckOf(target, parameter, writer, samples));
        if (target.Divisor == LossDivisor.LabelWeights)
            return;
        writer.Line(target.Divisor switch
        {
            LossDivisor.Samples => $"double divisor = {samples};",
            LossDivisor.Outputs => $"double divisor = (double){samples} * OutputSize;",
            _ => "double divisor = 1;",
        });
    }

    private static string CheckOf(LossTarget target, TargetParameter parameter, SourceWriter writer, string samples)
    {
        const string Guard = "global::NetGen.CompilerServices.Guard.";
        string name = Literals.String(parameter.Name);
        switch (parameter)
        {
            case ValueTarget:
                return $"CheckLength({parameter.Name}.Length, {samples}, OutputSize, {name});";
            case PairTarget:
                return $"{Guard}PairLabels({parameter.Name}, {samples}, {name});";
            case ClassTarget labels:
                bool counts = target.Divisor == LossDivisor.LabelWeights, weighted = counts && labels.Weight.Count > 0;
                if (weighted)
                {
                    string weights = ElementwiseLossKernel.Table(labels.Weight, exact: true);
                    writer.Line($"global::System.ReadOnlySpan<float> classWeights = {weights};");
                }
                string arguments = $"{labels.Name}, {samples}, 1, OutputSize, {Literals.Int(labels.IgnoreIndex)}";
                string ofClasses = weighted ? "classWeights" : "default";
                return $"{(counts ? "double divisor = " : "")}{Guard}Labels({arguments}, {ofClasses}, {name});";
            default:
                throw new InvalidOperationException($"No check of {parameter}.");
        }
    }
}
