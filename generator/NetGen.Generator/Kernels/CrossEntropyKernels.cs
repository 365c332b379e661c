using NetGen.Generator.Emit;
using NetGen.Generator.Emit.Isa;
using NetGen.Generator.Graph;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Kernels;

/// <summary>Kernels of the losses over classes.</summary>
internal static class CrossEntropyKernels
{
    /// <summary>Loss of each sample from its label, and the gradient of the reduced loss with respect to the logits.</summary>
    public static Kernel Labels(string title, CrossEntropyLossSpec spec, Layout input, Layout gradient)
        => new("CrossEntropyLoss", $"{title} over {Literals.Int(input.Channels)} classes: loss = log Σ exp(logit) − logit[label]; gradient = (softmax − one-hot) · scale.",
            "scale is 1 / samples that are not ignored, for the mean over them. The largest logit is subtracted first, so that the exponential cannot overflow.",
            "float* logits, int* labels, float* outputGradient, double* losses, float scale, int samples", (writer, isa, names) =>
        {
            int features = input.Channels, padded = Layout.RoundUp(features);
            using (writer.Block($"for (int n = 0; n < samples; n++, logits += {Literals.Int(input.SampleStride)}, outputGradient += {Literals.Int(gradient.SampleStride)})"))
            {
                writer.Line("int label = labels[n];");
                EmitIgnore(writer, spec.IgnoreIndex, padded);
                RowKernels.EmitExponentials(writer, isa, names, features, "logits", "outputGradient");
                writer.Line("losses[n] = Math.Log(sum) + (double)largest - logits[label];");
                writer.Line($"{isa.Type} factor = {isa.Broadcast("scale / sum")};");
                using (writer.Block($"for (int i = 0; i < {Literals.Int(padded)}; i += {Literals.Int(isa.Lanes)})"))
                    writer.Line(isa.Store($"({isa.Load("outputGradient + i")} * factor)", "outputGradient + i"));
                writer.Line("outputGradient[label] -= scale;");
                RowKernels.EmitClear(writer, features, padded, "outputGradient");
            }
        });

    /// <summary>A sample that is ignored has no loss and sends nothing back.</summary>
    private static void EmitIgnore(SourceWriter writer, int ignoreIndex, int padded)
    {
        using (writer.Block($"if (label == {Literals.Int(ignoreIndex)})"))
        {
            writer.Line("losses[n] = 0;");
            writer.Line($"new Span<float>(outputGradient, {Literals.Int(padded)}).Clear();");
            writer.Line("continue;");
        }
    }
}
