using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Rows of a table, one for each int. The ints have been checked before a pass begins.</summary>
internal static class EmbeddingKernels
{
    public static Kernel Forward(
        string name, string summary, EmbeddingOp op, TableForm table, WeightFormat weights, Layout indices, Layout output)
    {
        int stride = output.AsRows.SampleStride;
        double? norm = op.Renormalizes ? null : op.MaxNorm;
        KernelParameter[] parameters = [Ints("indices"), Weights("weight", weights), Floats("output"), Samples];
        return new Kernel(name, summary, $"Output {output}.", parameters, (writer, isa, _) =>
        {
            if (op.Scale != 1 && !table.AreLanes)
                writer.Line($"{isa.Type} scale = {isa.Broadcast(Literals.Float(op.Scale))};");
            using (writer.Block($"for (int n = 0; n < samples; n++, indices += {Literals.Int(indices.SampleStride)}, "
                + $"output += {Literals.Int(output.SampleStride)})"))
            using (writer.Block($"for (int p = 0; p < {Literals.Int(op.Length)}; p++)"))
            {
                writer.Line(DeclarePair((PointerTo(weights), "row", table.Row("weight", "indices[p]")),
                    (ParameterType.Floats, "y", $"output + p * {Literals.Int(stride)}")));
                if (table.AreLanes)
                {
                    EmitFromLanes(writer, op, weights, stride);
                    return;
                }
                if (norm is { } most)
                    EmitFactor(writer, isa, stride, most, weights);
                string value = isa.Load("row + j", weights) + (norm is null ? "" : " * factor") + (op.Scale == 1 ? "" : " * scale");
                using (writer.Block($"for (int j = 0; j < {Literals.Int(stride)}; j += {Literals.Int(isa.Lanes)})"))
                    writer.Line(isa.Store(value, "y + j"));
            }
        });
    }

    /// <summary>Copies a row whose numbers are 16 elements apart.</summary>
    private static void EmitFromLanes(SourceWriter writer, EmbeddingOp op, WeightFormat weights, int stride)
    {
        string features = Literals.Int(op.Features), at = $"row[j * {Literals.Int(Layout.Block)}]";
        string value = weights == WeightFormat.BFloat16 ? $"BitConverter.UInt32BitsToSingle((uint){at} << 16)" : at;
        using (writer.Block($"for (int j = 0; j < {features}; j++)"))
            writer.Line($"y[j] = {value}{(op.Scale == 1 ? "" : " * " + Literals.Float(op.Scale))};");
        if (op.Features < stride)
            writer.Line($"new Span<float>(y + {features}, {Literals.Int(stride - op.Features)}).Clear();");
    }

    /// <summary>
    /// Scales rows that are looked up down to a norm, in the table itself. A row belongs to one worker; where an int comes several times,
    /// it is looked at again and has the norm already.
    /// </summary>
    public static Kernel Renormalize(string name, string summary, EmbeddingOp op, double norm, Layout indices)
    {
        int stride = Layout.RoundUp(op.Features);
        KernelParameter[] parameters = [Ints("indices"), Floats("weight"), Samples, .. Share];
        return new Kernel(name, summary, $"To a norm of at most {Literals.Double(norm)}. Rows are divided among workers.", parameters,
            (writer, isa, _) =>
        {
            using (writer.Block($"for (int n = 0; n < samples; n++, indices += {Literals.Int(indices.SampleStride)})"))
            using (writer.Block($"for (int p = 0; p < {Literals.Int(op.Length)}; p++)"))
            {
                writer.Line("if (indices[p] % workers != worker)");
                using (writer.Indent())
                    writer.Line("continue;");
                writer.Line($"float* row = weight + indices[p] * {Literals.Int(stride)}L;");
                EmitFactor(writer, isa, stride, norm);
                using (writer.Block($"for (int j = 0; j < {Literals.Int(stride)}; j += {Literals.Int(isa.Lanes)})"))
                    writer.Line(isa.Store($"({isa.Load("row + j")} * factor)", "row + j"));
            }
        });
    }

    public static Kernel WeightGradient(
        string name, string summary, EmbeddingGradientOp op, TableForm table, Layout indices, Layout gradient, bool isSparse)
    {
        int stride = gradient.AsRows.SampleStride;
        TableRows rows = new(op.Rows, op.Length, MayBeNone: false, isSparse);
        return TableGradient.Create(name, summary, rows, table, indices, gradient, (writer, isa) =>
        {
            using (writer.Block($"for (int i = 0; i < {Literals.Int(op.Length)}; i++)"))
            {
                TableGradient.EmitSkip(writer, op.PaddingRow);
                writer.Line($"float* dy = outputGradient + i * {Literals.Int(stride)};");
                string scale = Literals.Float(op.Scale);
                if (table.AreLanes)
                    TableGradient.EmitAddToLanes(writer, table, "dy[j]" + (op.Scale == 1 ? "" : " * " + scale));
                else
                    TableGradient.EmitAdd(writer, isa, table, isa.Load("dy + j") + (op.Scale == 1 ? "" : $" * {isa.Broadcast(scale)}"));
            }
        });
    }

    /// <summary>Declares what a row is multiplied by so that its norm is no larger than it may be.</summary>
    private static void EmitFactor(
        SourceWriter writer, VectorIsa isa, int stride, double norm, WeightFormat weights = WeightFormat.Float32)
    {
        string x = isa.Load("row + i", weights), squares = new LongSum(writer, isa, "squares").OverVectors(stride, isa.Lanes,
            () => writer.Line($"squares = {isa.MultiplyAdd(x, x, "squares")};"));
        writer.Line($"double norm = Math.Sqrt({squares});");
        string factor = $"norm > {Literals.Double(norm)} ? (float)({Literals.Double(norm)} / (norm + 1e-7)) : 1f";
        writer.Line($"{isa.Type} factor = {isa.Broadcast(factor)};");
    }
}
