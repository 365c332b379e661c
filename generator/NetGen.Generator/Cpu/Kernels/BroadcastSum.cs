using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The gradient of an operand that was repeated: a function of the result's gradient and the operands, element by element, summed along the
/// dimensions where the operand has extent 1. Each row is summed by itself, so that long sums lose little.
/// </summary>
internal static class BroadcastSum
{
    /// <param name="inputs">The first is the result's gradient, which has all elements.</param>
    /// <param name="function">Zero where the first operand is.</param>
    public static Kernel Create(string name, string summary, IReadOnlyList<(string Name, Layout Layout)> inputs, Layout output,
        Func<ElementCode, IReadOnlyList<ElementValue>, ElementValue> function)
    {
        Layout all = inputs[0].Layout;
        return new Kernel(name, summary, Elementwise.Describe(inputs, output),
            [.. inputs.Select(input => Floats(input.Name)), Floats("output"), CountOf(output)], (writer, isa, names) =>
        {
            BroadcastOperand[] operands = inputs.Select(input => new BroadcastOperand(input.Name, input.Layout, all)).ToArray();
            var sum = new Summation(writer, isa, new VectorCode(isa, names), all, output, operands, function);
            string advance = Elementwise.Advance([.. inputs, ("output", output)]);
            using (writer.Block($"for (int n = 0; n < {Elementwise.CountName(output)}; n++, {advance})"))
                sum.Emit();
        });
    }

    /// <summary>Writes the sums of one sample, or of 16 side by side.</summary>
    private sealed class Summation(SourceWriter writer, VectorIsa isa, VectorCode code, Layout all, Layout output,
        BroadcastOperand[] operands, Func<ElementCode, IReadOnlyList<ElementValue>, ElementValue> function)
    {
        private readonly BroadcastOperand _result = new("output", output, all);

        private readonly bool _isRow = all.Kind == LayoutKind.Rows;

        private readonly bool _hasFeatureLanes = all.Kind == LayoutKind.Positions;

        /// <summary>Its lanes are channels or features, all of which go into one sum.</summary>
        private bool SumsLanes => _hasFeatureLanes ? _result.RepeatsColumns : _result.RepeatsChannels && all.Kind != LayoutKind.Samples;

        public void Emit()
        {
            using (var kept = new BlockStack(writer))
            {
                if (!_result.RepeatsChannels)
                    kept.Open(Loop("plane", all.Planes));
                if (!_isRow && !_result.RepeatsRows)
                    kept.Open(Loop("row", all.Height));
                if (_hasFeatureLanes && !SumsLanes)
                    kept.Open(Features);
                else if (!_isRow && !_result.RepeatsColumns)
                    kept.Open(Loop("column", all.Width));
                if (!SumsLanes && !_hasFeatureLanes)
                    OpenLanes(kept);
                writer.Line($"{isa.Type} sum = {isa.Zero};");
                using (var summed = new BlockStack(writer))
                {
                    if (!_isRow && _result.RepeatsChannels)
                        summed.Open(Loop("plane", all.Planes));
                    if (!_isRow && _result.RepeatsRows)
                        summed.Open(Loop("row", all.Height));
                    EmitRow(summed);
                }
                EmitStore();
            }
            Elementwise.EmitClearPadding(writer, output);
        }

        private static string Loop(string variable, int count)
            => $"for (int {variable} = 0; {variable} < {Literals.Int(count)}; {variable}++)";

        /// <summary>The head of a loop over vectors of a position's features.</summary>
        private string Features => $"for (int i = 0; i < {Literals.Int(all.Pitch)}; i += {Literals.Int(isa.Lanes)})";

        /// <summary>Narrow vectors take the 16 lanes of a pixel one part after the other.</summary>
        private void OpenLanes(BlockStack loops)
        {
            if (isa.Lanes < Layout.Block)
                loops.Open($"for (int lane = 0; lane < 16; lane += {Literals.Int(isa.Lanes)})");
        }

        private string Lane => isa.Lanes < Layout.Block ? "lane" : "0";

        private void EmitRow(BlockStack loops)
        {
            (string plane, string row) = _isRow ? ("0", "0") : ("plane", "row");
            foreach (BroadcastOperand operand in operands)
                writer.Line($"float* {operand.Row} = {operand.RowStart(plane, row)};");
            if (_isRow)
            {
                using (writer.Block($"for (int i = 0; i < {Literals.Int(all.Size)}; i += {Literals.Int(isa.Lanes)})"))
                    EmitElement("sum", "i", "0");
                return;
            }
            if (_hasFeatureLanes)
            {
                if (SumsLanes)
                    loops.Open(Features);
                EmitElement("sum", "i", "0");
                return;
            }
            if (SumsLanes)
                OpenLanes(loops);
            if (!_result.RepeatsColumns)
            {
                EmitElement("sum", Index("column"), Lane);
                return;
            }
            writer.Line($"{isa.Type} part = {isa.Zero};");
            using (writer.Block(Loop("column", all.Width)))
                EmitElement("part", Index("column"), Lane);
            writer.Line("sum += part;");
        }

        private string Index(string column) => Lane == "0" ? $"{column} * 16" : $"{column} * 16 + {Lane}";

        private void EmitElement(string sum, string index, string lane)
        {
            foreach (BroadcastOperand operand in operands)
            {
                // A vector that is repeated has its one element in front, wherever the loop over features stands.
                string at = _isRow && operand.Repeats ? "0" : index;
                writer.Line($"{isa.Type} {Elementwise.Local(operand.Name)} = {operand.Vector(isa, operand.Row, at, lane)};");
            }
            string value = code.Write(writer, function, operands.Select(operand => Elementwise.Local(operand.Name)));
            writer.Line($"{sum} += {value};");
        }

        private void EmitStore()
        {
            string target = _isRow ? "output" : _result.RowStart("plane", "row");
            string index = _hasFeatureLanes ? "i" : _isRow || _result.RepeatsColumns ? Lane : Index("column");
            if (SumsLanes)
            {
                string column = _isRow || _result.RepeatsColumns ? "0" : "column * 16";
                writer.Line($"*({(column == "0" ? target : $"{target} + {column}")}) = {isa.Static}.Sum(sum);");
            }
            else
            {
                writer.Line(isa.Store("sum", index == "0" ? target : $"{target} + {index}"));
            }
        }
    }
}
