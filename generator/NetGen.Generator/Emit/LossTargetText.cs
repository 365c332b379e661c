using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>The targets of losses in the emitted trainer.</summary>
internal static class LossTargetText
{
    /// <summary>Writes the checks of the arguments, and sets what the sum of the losses is divided by.</summary>
    /// <param name="samples">C# expression of their number.</param>
    public static void EmitCheck(SurfaceLoss loss, SurfaceTarget target, SourceWriter writer, string samples)
    {
        foreach (SurfaceTargetParameter parameter in target.Parameters)
            writer.Line(CheckOf(loss, target.Target, parameter, writer, samples));
        if (target.Target.Divisor == LossDivisor.LabelWeights)
            return;
        writer.Line($"double {loss.Divisor} = " + target.Target.Divisor switch
        {
            LossDivisor.Samples => $"{samples};",
            LossDivisor.Outputs when loss.Output.Axis is { } axis => $"(double){axis.Positions} * {loss.Output.PerPosition};",
            LossDivisor.Outputs => $"(double){samples} * {loss.Output.Size};",
            _ => "1;",
        });
    }

    private static string CheckOf(
        SurfaceLoss loss, LossTarget target, SurfaceTargetParameter parameter, SourceWriter writer, string samples)
    {
        const string Guard = "global::NetGen.CompilerServices.Guard.";
        string name = Literals.String(parameter.Name);
        string classWeights = loss.Stem.Length == 0 ? "classWeights" : Naming.Camel(loss.Stem) + "ClassWeights";
        switch (parameter.Target)
        {
            case ValueTarget:
                return SurfaceTexts.CheckLength(loss.Output, parameter.Name, parameter.Name);
            case PairTarget:
                return $"{Guard}PairLabels({parameter.Name}, {samples}, {name});";
            case ClassTarget labels:
                bool counts = target.Divisor == LossDivisor.LabelWeights, weighted = counts && labels.Weight.Count > 0;
                if (weighted)
                {
                    string weights = ElementwiseLossKernel.Table(labels.Weight, exact: true);
                    writer.Line($"global::System.ReadOnlySpan<float> {classWeights} = {weights};");
                }
                string count = samples;
                if (labels.Positions is not null && loss.Output.Axis is { } axis)
                {
                    count = axis.Positions;
                    writer.Line($"CheckPositions({parameter.Name}.Length, {count}, 1, {name});");
                }
                string classes = labels.Classes is { } ofPosition ? Literals.Int(ofPosition) : loss.Output.Size;
                string arguments = $"{parameter.Name}, {count}, {parameter.PerSample}, {classes}, {Literals.Int(labels.IgnoreIndex)}";
                string ofClasses = weighted ? classWeights : "default";
                return $"{(counts ? $"double {loss.Divisor} = " : "")}{Guard}Labels({arguments}, {ofClasses}, {name});";
            default:
                throw new InvalidOperationException($"No check of {parameter}.");
        }
    }
}
