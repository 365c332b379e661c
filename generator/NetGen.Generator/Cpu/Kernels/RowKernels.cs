using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Kernels over whole vectors of features: softmax and gradients of biases.</summary>
internal static class RowKernels
{
    public static Kernel Softmax(string name, string summary, Layout input, Layout output)
        => new(name, summary, "The largest input is subtracted first, so that the exponential cannot overflow.",
            [Floats("input"), Floats("output"), Samples], (writer, isa, names) =>
        {
            int features = input.Channels, padded = Layout.RoundUp(features);
            using (writer.Block($"for (int n = 0; n < samples; n++, input += {Literals.Int(input.SampleStride)}, "
                + $"output += {Literals.Int(output.SampleStride)})"))
            {
                EmitExponentials(writer, isa, names, features, "input", "output");
                writer.Line($"{isa.Type} scale = {isa.Broadcast("(float)(1 / sum)")};");
                using (writer.Block($"for (int i = 0; i < {Literals.Int(padded)}; i += {Literals.Int(isa.Lanes)})"))
                    writer.Line(isa.Store($"({isa.Load("output + i")} * scale)", "output + i"));
                EmitClear(writer, features, padded);
            }
        });

    /// <summary>dx = y ⊙ (dy − Σ dy ⊙ y).</summary>
    public static Kernel SoftmaxGradient(string name, string summary, Layout gradient, Layout saved, Layout output)
        => new(name, summary, "dx = y (dy − Σ dy y).", [Floats("outputGradient"), Floats("saved"), Floats("output"), Samples],
            (writer, isa, _) =>
        {
            int features = saved.Channels, padded = Layout.RoundUp(features);
            using (writer.Block($"for (int n = 0; n < samples; n++, outputGradient += {Literals.Int(gradient.SampleStride)}, "
                + $"saved += {Literals.Int(saved.SampleStride)}, output += {Literals.Int(output.SampleStride)})"))
            {
                string products = new LongSum(writer, isa, "products").OverVectors(padded, isa.Lanes,
                    () => writer.Line($"products = {isa.MultiplyAdd(isa.Load("outputGradient + i"), isa.Load("saved + i"), "products")};"));
                writer.Line($"{isa.Type} sum = {isa.Broadcast(products)};");
                using (writer.Block($"for (int i = 0; i < {Literals.Int(padded)}; i += {Literals.Int(isa.Lanes)})"))
                    writer.Line(isa.Store($"({isa.Load("saved + i")} * ({isa.Load("outputGradient + i")} - sum))", "output + i"));
            }
        });

    /// <summary>y = x − largest − ln Σ e^(x − largest).</summary>
    public static Kernel LogSoftmax(string name, string summary, Layout input, Layout output)
        => new(name, summary, "The largest input is subtracted first, so that the exponential cannot overflow.",
            [Floats("input"), Floats("output"), Samples], (writer, isa, names) =>
        {
            int features = input.Channels, padded = Layout.RoundUp(features);
            using (writer.Block($"for (int n = 0; n < samples; n++, input += {Literals.Int(input.SampleStride)}, "
                + $"output += {Literals.Int(output.SampleStride)})"))
            {
                EmitExponentials(writer, isa, names, features, "input", "output");
                writer.Line($"{isa.Type} logarithm = {isa.Broadcast("(float)Math.Log(sum)")};");
                using (writer.Block($"for (int i = 0; i < {Literals.Int(padded)}; i += {Literals.Int(isa.Lanes)})"))
                    writer.Line(isa.Store($"({isa.Load("input + i")} - shift - logarithm)", "output + i"));
                EmitClear(writer, features, padded);
            }
        });

    /// <summary>dx = dy − e^y Σ dy.</summary>
    public static Kernel LogSoftmaxGradient(string name, string summary, Layout gradient, Layout saved, Layout output)
        => new(name, summary, "dx = dy − e^y Σ dy.", [Floats("outputGradient"), Floats("saved"), Floats("output"), Samples],
            (writer, isa, names) =>
        {
            int features = saved.Channels, padded = Layout.RoundUp(features);
            using (writer.Block($"for (int n = 0; n < samples; n++, outputGradient += {Literals.Int(gradient.SampleStride)}, "
                + $"saved += {Literals.Int(saved.SampleStride)}, output += {Literals.Int(output.SampleStride)})"))
            {
                string sums = new LongSum(writer, isa, "sums").OverVectors(padded, isa.Lanes,
                    () => writer.Line($"sums += {isa.Load("outputGradient + i")};"));
                writer.Line($"{isa.Type} sum = {isa.Broadcast(sums)};");
                using (writer.Block($"for (int i = 0; i < {Literals.Int(padded)}; i += {Literals.Int(isa.Lanes)})"))
                    writer.Line(isa.Store($"({isa.Load("outputGradient + i")} - {names.Math(Exponential.Exp)}({isa.Load("saved + i")}) "
                        + "* sum)", "output + i"));
                EmitClear(writer, features, padded);
            }
        });

    /// <summary>Declares largest and sum, a <c>double</c>, and stores exp(input − largest).</summary>
    public static void EmitExponentials(SourceWriter writer, VectorIsa isa, KernelNames names, int features, string input, string output)
    {
        int padded = Layout.RoundUp(features);
        writer.Line("float largest = float.NegativeInfinity;");
        using (writer.Block($"for (int i = 0; i < {Literals.Int(features)}; i++)"))
            writer.Line($"largest = Math.Max(largest, {input}[i]);");
        writer.Line($"{isa.Type} shift = {isa.Broadcast("largest")};");
        using (writer.Block($"for (int i = 0; i < {Literals.Int(padded)}; i += {Literals.Int(isa.Lanes)})"))
            writer.Line(isa.Store($"{names.Math(Exponential.Exp)}({isa.Load(input + " + i")} - shift)", output + " + i"));
        writer.Line("double sum = 0;");
        using (writer.Block($"for (int i = 0; i < {Literals.Int(features)}; i++)"))
            writer.Line($"sum += {output}[i];");
    }

    public static void EmitClear(SourceWriter writer, int features, int padded, string pointer = "output")
    {
        if (features != padded)
            writer.Line($"new Span<float>({pointer} + {Literals.Int(features)}, {Literals.Int(padded - features)}).Clear();");
    }

    /// <summary>Gradient of a bias: the output's gradient summed over samples and pixels.</summary>
    public static Kernel BiasGradient(string name, string summary, Layout gradient)
        => new(name, summary, $"Output gradient {gradient}.",
            [Floats("outputGradient"), Floats("biasGradient"), CountOf(gradient), .. Share], (writer, isa, _) =>
        {
            string count = Elementwise.CountName(gradient);
            var total = new LongSum(writer, isa, "sum");
            if (gradient.Kind == LayoutKind.Samples)
            {
                writer.Line(TaskShare.Loop(gradient.Channels, "channel"));
                using (writer.Block())
                {
                    total.Declare();
                    EmitPixels("channel * " + Literals.Int(gradient.PlaneStride), isa.Lanes);
                    writer.Line($"biasGradient[channel] = (float){total.OfLanes("sum")};");
                }
                return;
            }

            int vectors = gradient.Kind == LayoutKind.Rows ? gradient.Size / isa.Lanes : gradient.Planes * Layout.Block / isa.Lanes;
            writer.Line(TaskShare.Loop(vectors, "vector"));
            using (writer.Block())
            {
                total.Declare();
                if (gradient.Kind == LayoutKind.Rows)
                {
                    writer.Line($"float* dy = outputGradient + vector * {Literals.Int(isa.Lanes)};");
                    total.EachSample(count,
                        () => writer.Line($"sum += {isa.Load($"dy + n * (long){Literals.Int(gradient.SampleStride)}")};"));
                }
                else
                {
                    int parts = Layout.Block / isa.Lanes;
                    EmitPixels(parts == 1
                        ? $"vector * {Literals.Int(gradient.PlaneStride)}"
                        : $"vector / {Literals.Int(parts)} * {Literals.Int(gradient.PlaneStride)} "
                            + $"+ vector % {Literals.Int(parts)} * {Literals.Int(isa.Lanes)}", Layout.Block);
                }
                total.End();
                writer.Line(isa.Store("sum", $"biasGradient + vector * {Literals.Int(isa.Lanes)}"));
            }

            void EmitPixels(string plane, int step)
                => total.EachPixel(count, gradient.Height, gradient.Width * Layout.Block, step, sample: null,
                () => writer.Line($"float* dy = outputGradient + n * (long){Literals.Int(gradient.SampleStride)} "
                    + $"+ {plane} + row * {Literals.Int(gradient.RowStride)} + {Literals.Int(gradient.Origin)};"),
                () => writer.Line($"sum += {isa.Load("dy + i")};"));
        });
}
