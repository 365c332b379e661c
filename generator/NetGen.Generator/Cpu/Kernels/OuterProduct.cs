using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The products of every feature of one vector with every feature of another, and their gradients. A row of products is as long as the
/// second vector and starts where the one before ends. A vector register at the end of a row goes back as far as it must: what it computes
/// twice is the same twice. Rows shorter than a register go number by number.
/// </summary>
internal static class OuterProduct
{
    /// <summary>z[i][j] = x₁[i] · x₂[j].</summary>
    public static Kernel Forward(string name, string summary, Layout first, Layout second, Layout output)
    {
        int columns = second.Channels;
        return Create(name, summary, "z[i][j] = x₁[i] x₂[j].", ("first", first), ("second", second), output, (writer, isa) =>
        {
            using (writer.Block($"for (int i = 0; i < {Literals.Int(first.Channels)}; i++)"))
            {
                writer.Line($"float* row = output + i * {Literals.Int(columns)};");
                if (columns < isa.Lanes)
                {
                    using (writer.Block($"for (int j = 0; j < {Literals.Int(columns)}; j++)"))
                        writer.Line("row[j] = first[i] * second[j];");
                    return;
                }
                writer.Line($"{isa.Type} x = {isa.Broadcast("first[i]")};");
                using (EachVector(writer, isa, columns))
                    writer.Line(isa.Store($"(x * {isa.Load("second + j")})", "row + j"));
            }
        });
    }

    /// <summary>dx₁[i] = Σⱼ dz[i][j] · x₂[j].</summary>
    public static Kernel FirstGradient(string name, string summary, Layout gradient, Layout second, Layout output)
    {
        int columns = second.Channels;
        return Create(name, summary, "dx₁[i] = Σⱼ dz[i][j] x₂[j].", ("outputGradient", gradient),
            ("second", second), output, (writer, isa) =>
        {
            int whole = columns / isa.Lanes * isa.Lanes;
            using (writer.Block($"for (int k = 0; k < {Literals.Int(output.Channels)}; k++)"))
            {
                writer.Line($"float* row = outputGradient + k * {Literals.Int(columns)};");
                string sums = whole == 0 ? "0" : new LongSum(writer, isa, "sums").OverVectors(whole,
                    isa.Lanes, () => writer.Line($"sums = {isa.MultiplyAdd(isa.Load("row + i"), isa.Load("second + i"), "sums")};"));
                writer.Line($"float sum = {sums};");
                if (whole < columns)
                {
                    using (writer.Block($"for (int j = {Literals.Int(whole)}; j < {Literals.Int(columns)}; j++)"))
                        writer.Line("sum += row[j] * second[j];");
                }
                writer.Line("output[k] = sum;");
            }
        });
    }

    /// <summary>dx₂[j] = Σᵢ x₁[i] · dz[i][j].</summary>
    public static Kernel SecondGradient(string name, string summary, Layout gradient, Layout first, Layout output)
    {
        int columns = output.Channels;
        return Create(name, summary, "dx₂[j] = Σᵢ x₁[i] dz[i][j].", ("outputGradient", gradient), ("first", first), output, (writer, isa) =>
        {
            string rows = $"for (int i = 0; i < {Literals.Int(first.Channels)}; i++)",
                row = $"outputGradient + i * {Literals.Int(columns)} + j";
            if (columns < isa.Lanes)
            {
                using (writer.Block($"for (int j = 0; j < {Literals.Int(columns)}; j++)"))
                {
                    writer.Line("double sum = 0;");
                    using (writer.Block(rows))
                        writer.Line($"sum += first[i] * *({row});");
                    writer.Line("output[j] = (float)sum;");
                }
                return;
            }
            using (EachVector(writer, isa, columns))
            {
                var total = new LongSum(writer, isa, "sum");
                bool isCut = LongSum.IsCut(first.Channels, 1);
                writer.Line($"{isa.Type} sum = {isa.Zero};");
                if (isCut)
                    total.DeclareTotals();
                total.EachVector(first.Channels, 1,
                    () => writer.Line($"sum = {isa.MultiplyAdd(isa.Broadcast("first[i]"), isa.Load(row), "sum")};"));
                if (isCut)
                    total.End();
                writer.Line(isa.Store("sum", "output + j"));
            }
        });
    }

    /// <summary>A loop over the registers of a row of at least one; <c>j</c> is where each begins.</summary>
    private static SourceWriter.Scope EachVector(SourceWriter writer, VectorIsa isa, int columns)
    {
        if (columns % isa.Lanes == 0)
            return writer.Block($"for (int j = 0; j < {Literals.Int(columns)}; j += {Literals.Int(isa.Lanes)})");
        SourceWriter.Scope scope = writer.Block($"for (int start = 0; start < {Literals.Int(columns)}; "
            + $"start += {Literals.Int(isa.Lanes)})");
        writer.Line("// The last vector overlaps the one before, so that it ends with the row.");
        writer.Line($"int j = Math.Min(start, {Literals.Int(columns - isa.Lanes)});");
        return scope;
    }

    /// <param name="emitSample">Writes one sample's result, without what pads it.</param>
    private static Kernel Create(string name, string summary, string formula,
        (string Name, Layout Layout) left, (string Name, Layout Layout) right, Layout output,
        Action<SourceWriter, VectorIsa> emitSample)
    {
        (string Name, Layout Layout)[] inputs = [left, right];
        string remarks = $"{formula} {Elementwise.Describe(inputs, output)}";
        return new Kernel(name, summary, remarks, [Floats(left.Name), Floats(right.Name), Floats("output"), Samples], (writer, isa, _) =>
        {
            string advance = string.Join(", ", inputs.Append(("output", output))
                .Select(value => $"{value.Item1} += {Literals.Int(value.Item2.SampleStride)}"));
            using (writer.Block($"for (int n = 0; n < samples; n++, {advance})"))
            {
                emitSample(writer, isa);
                Elementwise.EmitClearPadding(writer, output);
            }
        });
    }
}
