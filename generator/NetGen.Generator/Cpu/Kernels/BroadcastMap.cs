using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>A function of values of one rank, element by element, where those with an extent of 1 are repeated along it.</summary>
internal static class BroadcastMap
{
    /// <param name="function">Of the operands, in their order, and what takes statements of its own.</param>
    /// <param name="keepsZero">It gives zero where all operands are, and is finite elsewhere.</param>
    public static Kernel Create(string name, string summary, IReadOnlyList<(string Name, Layout Layout)> inputs, Layout output,
        Func<ElementCode, IReadOnlyList<ElementValue>, ElementValue> function, bool keepsZero)
    {
        BroadcastOperand[] operands = inputs.Select(input => new BroadcastOperand(input.Name, input.Layout, output)).ToArray();
        if (!operands.Any(operand => operand.Repeats))
            return Elementwise.Map(name, summary, inputs, output, function, clear: !keepsZero);

        // What is given to all lanes is given to those that stand for nothing.
        bool clearPadding = Elementwise.HasPadding(output) && (!keepsZero || operands.Any(operand => operand.RepeatsLanes));
        KernelParameter[] parameters = [.. inputs.Select(input => Floats(input.Name)), Floats("output")];
        string layouts = Elementwise.Describe(inputs, output);
        bool clearLanes = !keepsZero && output.Kind == LayoutKind.Samples;
        bool hasPart = output.Planes > 1 && output.Kind is (LayoutKind.Blocked or LayoutKind.Positions) && !clearPadding;
        return new Kernel(name, summary, layouts, [.. parameters, CountOf(output), .. If(clearLanes, Samples)], (writer, isa, names) =>
        {
            string advance = Elementwise.Advance([.. inputs, ("output", output)]);
            using (writer.Block($"for (int n = 0; n < {Elementwise.CountName(output)}; n++, {advance})"))
            {
                Emit(writer, isa, names, $"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)");
                if (clearPadding)
                    Elementwise.EmitClearPadding(writer, output);
            }
            if (clearLanes)
                Elementwise.EmitClearLanes(writer, output);
        })
        {
            Part = !hasPart ? null : new Kernel(name + "Part", summary, layouts + " One sample, divided among workers.",
                [.. parameters, .. Share], (writer, isa, names) => Emit(writer, isa, names, TaskShare.Loop(output.Planes, "plane"))),
        };

        void Emit(SourceWriter writer, VectorIsa isa, KernelNames names, string planes)
        {
            if (output.Kind == LayoutKind.Rows)
            {
                EmitRow(writer, isa, names, output.Size);
                return;
            }
            using (writer.Block(planes))
            using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
                EmitRow(writer, isa, names, output.RowRun);
        }

        void EmitRow(SourceWriter writer, VectorIsa isa, KernelNames names, int length)
        {
            var result = new BroadcastOperand("output", output, output);
            (string plane, string row) = output.Kind == LayoutKind.Rows ? ("0", "0") : ("plane", "row");
            foreach (BroadcastOperand operand in operands.Append(result))
                writer.Line($"float* {operand.Row} = {operand.RowStart(plane, row)};");
            foreach (BroadcastOperand operand in operands.Where(operand => IsConstant(operand, isa)))
                writer.Line($"{isa.Type} {Elementwise.Local(operand.Name)} = {operand.Vector(isa, operand.Row, "0", "0")};");
            using (writer.Block($"for (int i = 0; i < {Literals.Int(length)}; i += {Literals.Int(isa.Lanes)})"))
            {
                foreach (BroadcastOperand operand in operands.Where(operand => !IsConstant(operand, isa)))
                    writer.Line($"{isa.Type} {Elementwise.Local(operand.Name)} = {operand.Vector(isa, operand.Row, "i", "(i & 15)")};");
                string value = new VectorCode(isa, names).Write(
                    writer, function, operands.Select(operand => Elementwise.Local(operand.Name)));
                writer.Line(isa.Store(value, result.Row + " + i"));
            }
        }

        bool IsConstant(BroadcastOperand operand, VectorIsa isa)
            => output.Kind == LayoutKind.Rows ? operand.Repeats : operand.IsConstantInRow(isa);
    }
}
