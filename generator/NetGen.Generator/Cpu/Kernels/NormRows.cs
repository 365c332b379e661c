using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Text.Literals;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Normalisation of vectors: lanes hold features of one group, what fills no vector goes feature by feature, statistics are scalars.
/// </summary>
internal sealed class NormRows(NormGeometry norm, Layout input, SourceWriter writer, VectorIsa isa)
    : NormWriter(norm, input, writer, isa)
{
    private int Size => Norm.GroupChannels;

    /// <summary>Features of a group that fill vectors.</summary>
    private int Whole => Size / Isa.Lanes * Isa.Lanes;

    private bool HasGroups => Norm.Groups > 1;

    /// <summary>x̂ of one feature.</summary>
    private string NormalisedScalar => Norm.Centred ? "(x[i] - mean) * inverse + offset" : "x[i] * inverse";

    public override void Forward(Layout output, Activation? activation, KernelNames names)
    {
        using (EachGroup(out string start))
        {
            Line($"float* x = input{start}, y = output{start};");
            if (Norm.HasWeight)
                Line($"float* scale = weight{start}{(Norm.HasBias ? $", shift = bias{start}" : "")};");
            if (Norm.Centred)
                EmitCentredStatistics();
            else
                EmitMeanSquare();
            Line("// Result.");
            DeclareBroadcasts(Norm.Centred ? ["inverse", "offset"] : ["inverse"]);
            EachVector(() => Line(Isa.Store($"{Result(Isa.Load("scale + i"), Isa.Load("shift + i"), activation, names)}", "y + i")));
            EachRest(() =>
            {
                string value = Norm.HasWeight ? $"({NormalisedScalar}) * scale[i]" + (Norm.HasBias ? " + shift[i]" : "") : NormalisedScalar;
                // The scalar rest goes through the vector form of the activation, one lane of it.
                Line(activation is null ? $"y[i] = {value};" : $"y[i] = {Finish(Isa.Broadcast(value), activation, names)}.ToScalar();");
            });
        }
        ClearRest(output);
    }

    private void EmitCentredStatistics()
    {
        Line("// Mean.");
        SumVectors(() => Line($"sums += {Isa.Load("x + i")};"), ("sum", "sums"));
        EachRest(() => Line("sum += x[i];"));
        Line($"float mean = sum / {SetSize};");
        Line("// Variance around it, and what its rounding has left.");
        Line($"{Isa.Type} means = {Isa.Broadcast("mean")};");
        SumVectors(() =>
        {
            Line($"{Isa.Type} d = {Isa.Load("x + i")} - means;");
            Line("rests += d;");
            Line($"squares = {Isa.MultiplyAdd("d", "d", "squares")};");
        }, ("rest", "rests"), ("square", "squares"));
        EachRest(() =>
        {
            Line("float d = x[i] - mean;");
            Line("rest += d;");
            Line("square += d * d;");
        });
        Line($"rest /= {SetSize};");
        Line($"float inverse = 1f / MathF.Sqrt(Math.Max(square / {SetSize} - rest * rest, 0f) + {Eps}), offset = -rest * inverse;");
        Line($"statistics[{(HasGroups ? "group" : "0")}] = mean;");
        Line($"statistics[{Int(StatisticsStride)}{(HasGroups ? " + group" : "")}] = inverse;");
        Line($"statistics[{Int(2 * StatisticsStride)}{(HasGroups ? " + group" : "")}] = offset;");
    }

    private void EmitMeanSquare()
    {
        Line("// Mean square.");
        SumVectors(() =>
        {
            Line($"{Isa.Type} v = {Isa.Load("x + i")};");
            Line($"squares = {Isa.MultiplyAdd("v", "v", "squares")};");
        }, ("square", "squares"));
        EachRest(() => Line("square += x[i] * x[i];"));
        Line($"float inverse = 1f / MathF.Sqrt(square / {SetSize} + {Eps});");
        Line($"statistics[{(HasGroups ? "group" : "0")}] = inverse;");
    }

    public override void InputGradient(Layout gradient, Layout output)
    {
        using (EachGroup(out string start))
        {
            Line($"float* dy = outputGradient{start}, x = input{start}, "
                + $"dx = output{start}{(Norm.HasWeight ? $", scale = weight{start}" : "")};");
            LoadScalarStatistics();
            DeclareBroadcasts(Norm.Centred ? ["mean", "inverse", "offset"] : ["inverse"]);
            Line("// Means of the gradient and of its product with the result.");
            string ofVector = Norm.HasWeight ? $"{Isa.Load("dy + i")} * {Isa.Load("scale + i")}" : Isa.Load("dy + i");
            string ofScalar = Norm.HasWeight ? "dy[i] * scale[i]" : "dy[i]";
            EmitGradientMeans(ofVector, ofScalar);
            EachVector(() => Line(Isa.Store(InputGradientOf(ofVector, "sums", "products"), "dx + i")));
            EachRest(() => Line($"dx[i] = inverse * ({ofScalar}{(Norm.Centred ? " - sum" : "")} - ({NormalisedScalar}) * product);"));
        }
        ClearRest(output);
    }

    private void EmitGradientMeans(string ofVector, string ofScalar)
    {
        (string, string)[] sums = Norm.Centred ? [("sum", "sums"), ("product", "products")] : [("product", "products")];
        SumVectors(() =>
        {
            Line($"{Isa.Type} gradient = {ofVector};");
            if (Norm.Centred)
                Line("sums += gradient;");
            Line($"products = {Isa.MultiplyAdd("gradient", Normalised, "products")};");
        }, sums);
        EachRest(() =>
        {
            Line($"float gradient = {ofScalar};");
            if (Norm.Centred)
                Line("sum += gradient;");
            Line($"product += gradient * ({NormalisedScalar});");
        });
        if (Norm.Centred)
            Line($"sum /= {SetSize};");
        Line($"product /= {SetSize};");
        if (Norm.Centred)
            Line($"sums = {Isa.Broadcast("sum")};");
        Line($"products = {Isa.Broadcast("product")};");
    }

    public override void ParameterGradient(Layout gradient)
    {
        if (HasGroups && Size % Isa.Lanes != 0)
        {
            ParametersByFeature(gradient);
            return;
        }
        int vectors = (Norm.Channels + Isa.Lanes - 1) / Isa.Lanes;
        Line(TaskShare.Loop(vectors, "vector"));
        using (Writer.Block())
        {
            Line($"int i = vector * {Int(Isa.Lanes)};");
            var total = new LongSum(Writer, Isa, ParameterSums);
            total.Declare();
            total.EachSample(Count, () =>
            {
                Line($"float* dy = outputGradient + n * (long){Int(gradient.SampleStride)}, "
                    + $"x = input + n * (long){Int(Input.SampleStride)};");
                DeclareSet(HasGroups ? $" + i / {Int(Size)}" : "");
                Line(Norm.Centred
                    ? $"{Isa.Type} means = {Isa.Broadcast("set[0]")}, inverses = {Isa.Broadcast($"set[{Int(StatisticsStride)}]")}, "
                        + $"offsets = {Isa.Broadcast($"set[{Int(2 * StatisticsStride)}]")};"
                    : $"{Isa.Type} inverses = {Isa.Broadcast("set[0]")};");
                AddToParameterSums();
            });
            total.End();
            StoreParameterSums("i");
            if (Norm.Channels % Isa.Lanes != 0)
            {
                Line($"if (vector == {Int(vectors - 1)})");
                using (Writer.Indent())
                    Line($"new Span<float>(weightGradient + {Int(Norm.Channels)}, {Int(Padded - Norm.Channels)}).Clear();");
            }
        }
    }

    private void ParametersByFeature(Layout gradient)
    {
        Line("// Groups that fill no vectors: feature by feature.");
        Line(TaskShare.Loop(Norm.Channels, "i"));
        using (Writer.Block())
        {
            Line($"double product = 0{(Norm.HasBias ? ", sum = 0" : "")};");
            using (Writer.Block($"for (int n = 0; n < {Count}; n++)"))
            {
                DeclareSet($" + i / {Int(Size)}");
                Line($"float gradient = outputGradient[n * (long){Int(gradient.SampleStride)} + i], "
                    + $"x = input[n * (long){Int(Input.SampleStride)} + i];");
                Line(Norm.Centred
                    ? $"product += gradient * ((x - set[0]) * set[{Int(StatisticsStride)}] + set[{Int(2 * StatisticsStride)}]);"
                    : "product += gradient * x * set[0];");
                if (Norm.HasBias)
                    Line("sum += gradient;");
            }
            Line("weightGradient[i] = (float)product;");
            if (Norm.HasBias)
                Line("biasGradient[i] = (float)sum;");
        }
    }

    /// <summary>Declares the statistics of the set of a feature.</summary>
    private void DeclareSet(string group) => Line($"float* set = statistics + n * (long){Int(Statistics.SampleStride)}{group};");

    /// <param name="start">What leads from the first feature to those of the group.</param>
    private SourceWriter.Scope EachGroup(out string start)
    {
        start = HasGroups ? $" + group * {Int(Size)}" : "";
        return HasGroups ? Writer.Block($"for (int group = 0; group < {Int(Norm.Groups)}; group++)") : Writer.Block();
    }

    private void EachVector(Action body)
    {
        if (Whole == 0)
            return;
        using (Writer.Block($"for (int i = 0; i < {Int(Whole)}; i += {Int(Isa.Lanes)})"))
            body();
    }

    /// <summary>The features that fill no vector.</summary>
    private void EachRest(Action body)
    {
        if (Whole == Size)
            return;
        using (Writer.Block($"for (int i = {Int(Whole)}; i < {Int(Size)}; i++)"))
            body();
    }

    /// <summary>Sums over the features that fill vectors: declares each vector, and the scalar that is its sum.</summary>
    private void SumVectors(Action body, params (string Scalar, string Vector)[] sums)
    {
        var total = new LongSum(Writer, Isa, sums.Select(sum => sum.Vector).ToArray());
        IReadOnlyList<string> scalars = total.AllOverVectors(Whole, Isa.Lanes, body, isFloat: true);
        Line($"float {string.Join(", ", sums.Zip(scalars, (sum, scalar) => $"{sum.Scalar} = {scalar}"))};");
    }

    private void LoadScalarStatistics()
    {
        string set = HasGroups ? " + group" : "";
        Line(Norm.Centred
            ? $"float mean = statistics[0{set}], inverse = statistics[{Int(StatisticsStride)}{set}], "
                + $"offset = statistics[{Int(2 * StatisticsStride)}{set}];"
            : $"float inverse = statistics[0{set}];");
    }

    /// <summary>mean → means, and so on.</summary>
    private void DeclareBroadcasts(string[] scalars)
        => Line($"{Isa.Type} {string.Join(", ", scalars.Select(s => $"{s}s = {Isa.Broadcast(s)}"))};");

    private void ClearRest(Layout output)
    {
        if (output.Size != Norm.Channels)
            Line($"new Span<float>(output + {Int(Norm.Channels)}, {Int(output.Size - Norm.Channels)}).Clear();");
    }
}
