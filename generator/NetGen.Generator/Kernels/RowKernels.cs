using NetGen.Generator.Emit;
using NetGen.Generator.Emit.Isa;
using NetGen.Generator.Graph;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Kernels;

/// <summary>Kernels over whole vectors of features: softmax and the losses.</summary>
internal static class RowKernels
{
    public static Kernel Softmax(string name, string summary, Layout input, Layout output)
        => new(name, summary, "The largest input is subtracted first, so that the exponential cannot overflow.", "float* input, float* output, int samples", (writer, isa, names) =>
        {
            int features = input.Channels, padded = Layout.RoundUp(features);
            using (writer.Block($"for (int n = 0; n < samples; n++, input += {Literals.Int(input.SampleStride)}, output += {Literals.Int(output.SampleStride)})"))
            {
                EmitExponentials(writer, isa, names, features, "input", "output");
                writer.Line($"{isa.Type} scale = {isa.Broadcast("1f / sum")};");
                using (writer.Block($"for (int i = 0; i < {Literals.Int(padded)}; i += {Literals.Int(isa.Lanes)})"))
                    writer.Line(isa.Store($"({isa.Load("output + i")} * scale)", "output + i"));
                EmitClear(writer, features, padded);
            }
        });

    /// <summary>dx = y ⊙ (dy − Σ dy ⊙ y).</summary>
    public static Kernel SoftmaxGradient(string name, string summary, Layout gradient, Layout saved, Layout output)
        => new(name, summary, "dx = y (dy − Σ dy y).", "float* outputGradient, float* saved, float* output, int samples", (writer, isa, _) =>
        {
            int features = saved.Channels, padded = Layout.RoundUp(features);
            using (writer.Block($"for (int n = 0; n < samples; n++, outputGradient += {Literals.Int(gradient.SampleStride)}, saved += {Literals.Int(saved.SampleStride)}, output += {Literals.Int(output.SampleStride)})"))
            {
                writer.Line($"{isa.Type} products = {isa.Zero};");
                using (writer.Block($"for (int i = 0; i < {Literals.Int(padded)}; i += {Literals.Int(isa.Lanes)})"))
                    writer.Line($"products = {isa.MultiplyAdd(isa.Load("outputGradient + i"), isa.Load("saved + i"), "products")};");
                writer.Line($"{isa.Type} sum = {isa.Broadcast($"{isa.Static}.Sum(products)")};");
                using (writer.Block($"for (int i = 0; i < {Literals.Int(padded)}; i += {Literals.Int(isa.Lanes)})"))
                    writer.Line(isa.Store($"({isa.Load("saved + i")} * ({isa.Load("outputGradient + i")} - sum))", "output + i"));
            }
        });

    /// <summary>Loss of each sample and the gradient of the mean with respect to the logits.</summary>
    public static Kernel CrossEntropy(string name, Layout input, Layout gradient)
        => new(name, $"CrossEntropyLoss over {Literals.Int(input.Channels)} classes: loss = log Σ exp(logit) − logit[label]; gradient = (softmax − one-hot) · scale.",
            "scale is 1 / batch, for the mean over the batch. The largest logit is subtracted first, so that the exponential cannot overflow.",
            "float* logits, int* labels, float* outputGradient, double* losses, float scale, int samples", (writer, isa, names) =>
        {
            int features = input.Channels, padded = Layout.RoundUp(features);
            using (writer.Block($"for (int n = 0; n < samples; n++, logits += {Literals.Int(input.SampleStride)}, outputGradient += {Literals.Int(gradient.SampleStride)})"))
            {
                EmitExponentials(writer, isa, names, features, "logits", "outputGradient");
                writer.Line("int label = labels[n];");
                writer.Line("losses[n] = Math.Log(sum) + (double)largest - logits[label];");
                writer.Line($"{isa.Type} factor = {isa.Broadcast("scale / sum")};");
                using (writer.Block($"for (int i = 0; i < {Literals.Int(padded)}; i += {Literals.Int(isa.Lanes)})"))
                    writer.Line(isa.Store($"({isa.Load("outputGradient + i")} * factor)", "outputGradient + i"));
                writer.Line("outputGradient[label] -= scale;");
                EmitClear(writer, features, padded, "outputGradient");
            }
        });

    /// <summary>Sum of squared differences of each sample, and the gradient of the mean.</summary>
    public static Kernel MeanSquaredError(string name, int size, Layout gradient)
        => new(name, $"MSELoss over {Literals.Int(size)} values: loss = Σ (output − target)²; gradient = 2 (output − target) · scale.",
            "scale is 1 / (batch · values), for the mean over all. Values are in the caller's order.",
            "float* output, float* target, float* gradient, double* losses, float scale, int samples", (writer, isa, _) =>
        {
            using (writer.Block("for (int n = 0; n < samples; n++)"))
            {
                writer.Line("double sum = 0;");
                using (writer.Block($"for (int i = 0; i < {Literals.Int(size)}; i++, output++, target++, gradient++)"))
                {
                    writer.Line("float difference = *output - *target;");
                    writer.Line("sum += (double)difference * difference;");
                    writer.Line("*gradient = 2f * scale * difference;");
                }
                writer.Line("losses[n] = sum;");
            }
        }) { IsHot = false };

    /// <summary>Declares largest and sum, and stores exp(input − largest).</summary>
    private static void EmitExponentials(SourceWriter writer, VectorIsa isa, KernelNames names, int features, string input, string output)
    {
        int padded = Layout.RoundUp(features);
        writer.Line("float largest = float.NegativeInfinity;");
        using (writer.Block($"for (int i = 0; i < {Literals.Int(features)}; i++)"))
            writer.Line($"largest = Math.Max(largest, {input}[i]);");
        writer.Line($"{isa.Type} shift = {isa.Broadcast("largest")};");
        using (writer.Block($"for (int i = 0; i < {Literals.Int(padded)}; i += {Literals.Int(isa.Lanes)})"))
            writer.Line(isa.Store($"{names.Math(VectorFunction.Exp)}({isa.Load(input + " + i")} - shift)", output + " + i"));
        writer.Line("float sum = 0f;");
        using (writer.Block($"for (int i = 0; i < {Literals.Int(features)}; i++)"))
            writer.Line($"sum += {output}[i];");
    }

    private static void EmitClear(SourceWriter writer, int features, int padded, string pointer = "output")
    {
        if (features != padded)
            writer.Line($"new Span<float>({pointer} + {Literals.Int(features)}, {Literals.Int(padded - features)}).Clear();");
    }

    public const string BiasGradientParameters = "float* outputGradient, float* biasGradient, int samples, int worker, int workers";

    /// <summary>Gradient of a bias: the output's gradient summed over samples and pixels.</summary>
    public static Kernel BiasGradient(string name, string summary, Layout gradient)
        => new(name, summary, $"Output gradient {gradient}.", gradient.Kind == LayoutKind.Samples ? BiasGradientParameters.Replace("samples", "blocks") : BiasGradientParameters, (writer, isa, _) =>
        {
            string count = Elementwise.CountName(gradient);
            if (gradient.Kind == LayoutKind.Samples)
            {
                int channels = gradient.Channels;
                writer.Line(TaskShare.Loop(channels, "channel"));
                using (writer.Block())
                {
                    writer.Line($"{isa.Type} sum = {isa.Zero};");
                    EmitPixels(isa, "channel * " + Literals.Int(gradient.PlaneStride), Layout.Block, () => writer.Line($"sum += {isa.Load("dy + i")};"));
                    writer.Line($"biasGradient[channel] = {isa.Static}.Sum(sum);");
                }
                return;
            }

            int vectors = gradient.Kind == LayoutKind.Rows ? gradient.Size / isa.Lanes : gradient.Planes * Layout.Block / isa.Lanes;
            writer.Line(TaskShare.Loop(vectors, "vector"));
            using (writer.Block())
            {
                writer.Line($"{isa.Type} sum = {isa.Zero};");
                if (gradient.Kind == LayoutKind.Rows)
                {
                    writer.Line($"float* dy = outputGradient + vector * {Literals.Int(isa.Lanes)};");
                    using (writer.Block($"for (int n = 0; n < {count}; n++, dy += {Literals.Int(gradient.SampleStride)})"))
                        writer.Line($"sum += {isa.Load("dy")};");
                }
                else
                {
                    int parts = Layout.Block / isa.Lanes;
                    string plane = parts == 1
                        ? $"vector * {Literals.Int(gradient.PlaneStride)}"
                        : $"vector / {Literals.Int(parts)} * {Literals.Int(gradient.PlaneStride)} + vector % {Literals.Int(parts)} * {Literals.Int(isa.Lanes)}";
                    EmitPixels(isa, plane, 0, () => writer.Line($"sum += {isa.Load("dy + i")};"));
                }
                writer.Line(isa.Store("sum", $"biasGradient + vector * {Literals.Int(isa.Lanes)}"));
            }

            void EmitPixels(VectorIsa vectorIsa, string plane, int allLanes, Action body)
            {
                int step = allLanes > 0 ? vectorIsa.Lanes : Layout.Block;
                using (writer.Block($"for (int n = 0; n < {count}; n++)"))
                using (writer.Block($"for (int row = 0; row < {Literals.Int(gradient.Height)}; row++)"))
                {
                    writer.Line($"float* dy = outputGradient + n * (long){Literals.Int(gradient.SampleStride)} + {plane} + row * {Literals.Int(gradient.RowStride)} + {Literals.Int(gradient.Origin)};");
                    using (writer.Block($"for (int i = 0; i < {Literals.Int(gradient.Width * Layout.Block)}; i += {Literals.Int(step)})"))
                        body();
                }
            }
        });
}
