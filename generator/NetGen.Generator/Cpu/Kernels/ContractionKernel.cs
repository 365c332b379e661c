using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Products of two values' elements, summed over common indices. The loops are those over the lanes' blocks, over the result's other
/// indices, over tiles along the last of them, and inside over what is summed; a tile's results stay in registers.
/// </summary>
internal sealed class ContractionKernel
{
    private readonly SourceWriter _writer;
    private readonly VectorIsa _isa;
    private readonly ContractionPlan _plan;

    /// <summary>Where each value has been followed to by the loops that are open.</summary>
    private readonly Dictionary<ContractionOperand, string> _at = [];

    private ContractionKernel(SourceWriter writer, VectorIsa isa, ContractionPlan plan) => (_writer, _isa, _plan) = (writer, isa, plan);

    public static Kernel Create(string name, string summary, ContractionPlan plan)
    {
        KernelParameter[] values = [Floats("left"), Floats("right"), Floats("output"), .. If(plan.ScratchLength > 0, Floats("scratch"))];
        string copies = plan.ScratchLength == 0 ? ""
            : $" {string.Join(" and ", plan.Operands.Where(o => o.Original is not null).Select(o => o.Name))} is copied, with the lanes as "
                + "channels.";
        string remarks = $"output[{plan.Indices.Result}] = Σ left[{plan.Indices.Left}] · right[{plan.Indices.Right}], indices of channel, row "
            + $"and column: left {plan.Left.Layout}; right {plan.Right.Layout}; output {plan.Result.Layout}.{copies}";
        return new Kernel(name, summary, remarks, [.. values, CountOf(plan.Result.Layout)],
            (writer, isa, _) => new ContractionKernel(writer, isa, plan).Emit())
        {
            Part = !HasPart(plan) ? null : new Kernel(name + "Part", summary, remarks + " One sample, divided among workers.",
                [.. values, .. Share], (writer, isa, _) => new ContractionKernel(writer, isa, plan).EmitSample(isPart: true)),
        };
    }

    /// <summary>Workers have no room for copies of their own, and divide blocks of channels.</summary>
    private static bool HasPart(ContractionPlan plan) => plan.ScratchLength == 0 && plan.Lane is { } lane && Blocks(plan, lane) > 1;

    private static int Blocks(ContractionPlan plan, char lane) => Layout.RoundUp(plan.Extents[lane]) / Layout.Block;

    private void Emit()
    {
        ContractionOperand[] values = [.. _plan.Operands, _plan.Result];
        string advance = string.Join(", ", values.Select(value => $"{value.Name} += {Literals.Int(value.Layout.SampleStride)}"));
        using (_writer.Block($"for (int n = 0; n < {CountOf(_plan.Result.Layout).Name}; n++, {advance})"))
            EmitSample(isPart: false);
    }

    private void EmitSample(bool isPart)
    {
        foreach (ContractionOperand operand in _plan.Operands)
            EmitCopy(operand);
        foreach (ContractionOperand value in _plan.Operands.Append(_plan.Result))
            _at[value] = value.Start;
        if (_plan.Lane is not { } lane)
        {
            EmitLoops([.. _plan.Outer], EmitTiles);
            return;
        }
        int blocks = Blocks(_plan, lane);
        string loop = isPart ? TaskShare.Loop(blocks, "block") : $"for (int block = 0; block < {Literals.Int(blocks)}; block++)";
        using (_writer.Block(loop))
            Following(lane, "block", "Block", () => EmitLoops([.. _plan.Outer], EmitTiles));
    }

    /// <summary>Copies an operand, with the lanes' index in blocks of 16, zero behind the last.</summary>
    private void EmitCopy(ContractionOperand operand)
    {
        if (operand.Original is not { } original)
            return;
        char lane = _plan.Lane!.Value;
        _at[original] = original.Start;
        _at[operand] = operand.Start;
        _writer.Line($"// {operand.Name} with the channels of the output as lanes.");
        using (_writer.Block($"for (int block = 0; block < {Literals.Int(Blocks(_plan, lane))}; block++)"))
        {
            Pointer(operand, lane, "block", "Block");
            EmitLoops([.. operand.Indices.Where(index => index != lane)], () =>
            {
                int extent = _plan.Extents[lane];
                bool whole = extent % Layout.Block == 0;
                string from = $"{_at[original]}[(block * 16 + lane) * {Literals.Int(original.StrideOf(lane))}]";
                using (_writer.Block("for (int lane = 0; lane < 16; lane++)"))
                {
                    _writer.Line(whole ? $"{Element(operand)}[lane] = {from};"
                        : $"{Element(operand)}[lane] = block * 16 + lane < {Literals.Int(extent)} ? {from} : 0;");
                }
            }, original, operand);
        }
    }

    /// <summary>Loops over indices, outermost first, that move the pointers of the values that have them.</summary>
    private void EmitLoops(IReadOnlyList<char> indices, Action body, params ContractionOperand[] values)
    {
        if (indices.Count == 0)
        {
            body();
            return;
        }
        char index = indices[0];
        string variable = index.ToString();
        using (_writer.Block($"for (int {variable} = 0; {variable} < {Literals.Int(_plan.Extents[index])}; {variable}++)"))
        {
            Following(index, variable, char.ToUpperInvariant(index).ToString(),
                () => EmitLoops([.. indices.Skip(1)], body, values), values);
        }
    }

    /// <summary>Declares the pointers of values that a loop moves, for its body.</summary>
    private void Following(char index, string variable, string suffix, Action body, params ContractionOperand[] values)
    {
        var before = new Dictionary<ContractionOperand, string>(_at);
        foreach (ContractionOperand value in values.Length > 0 ? values : [.. _plan.Operands, _plan.Result])
            Pointer(value, index, variable, suffix);
        body();
        foreach (KeyValuePair<ContractionOperand, string> known in before)
            _at[known.Key] = known.Value;
    }

    private void Pointer(ContractionOperand value, char index, string variable, string suffix)
    {
        if (value.Step(index, variable) is not { } step)
            return;
        string stem = value.Original is null ? value.Name : value.Name + "Copy";
        // What a copy is made from has the name of the operand itself.
        string name = (_plan.Operands.Any(operand => operand.Original == value) ? stem + "Source" : stem) + suffix;
        _writer.Line($"float* {name} = {_at[value]} + {step};");
        _at[value] = name;
    }

    private void EmitTiles()
    {
        if (_plan.Tile is not { } index)
        {
            EmitTile(1);
            return;
        }
        int extent = _plan.Extents[index], rows = Math.Min(_plan.TileRows(_isa), extent), rest = extent % rows;
        string variable = index.ToString(), suffix = char.ToUpperInvariant(index).ToString();
        if (extent - rest == rows)
        {
            using (_writer.Block())
            {
                _writer.Line($"const int {variable} = 0;");
                Following(index, variable, suffix, () => EmitTile(rows));
            }
        }
        else
        {
            using (_writer.Block($"for (int {variable} = 0; {variable} < {Literals.Int(extent - rest)}; {variable} += {Literals.Int(rows)})"))
                Following(index, variable, suffix, () => EmitTile(rows));
        }
        if (rest == 0)
            return;
        using (_writer.Block())
        {
            _writer.Line($"const int {variable} = {Literals.Int(extent - rest)};");
            Following(index, variable, suffix, () => EmitTile(rest));
        }
    }

    /// <summary>Neighbouring results along the tile's index.</summary>
    private void EmitTile(int rows)
    {
        int vectors = _plan.VectorsOfBlock(_isa);
        string[,] sums = new string[rows, vectors];
        for (int r = 0; r < rows; r++)
        {
            for (int v = 0; v < vectors; v++)
                sums[r, v] = "sum" + Literals.Int(r) + (vectors > 1 ? "_" + Literals.Int(v) : "");
        }
        string type = _plan.HasLanes ? _isa.Type : "float", zero = _plan.HasLanes ? _isa.Zero : "0";
        _writer.Line($"{type} {string.Join(", ", sums.Cast<string>().Select(sum => $"{sum} = {zero}"))};");
        EmitLoops([.. _plan.Indices.Summed], () => EmitTerms(rows, vectors, sums));
        long step = _plan.Tile is { } index ? _plan.Result.StrideOf(index) : 0;
        for (int r = 0; r < rows; r++)
        {
            if (!_plan.HasLanes)
            {
                // The other lanes of the block stand for no channel.
                string address = Literals.Plus(Element(_plan.Result), r * step);
                _writer.Line($"*({address}) = {sums[r, 0]};");
                _writer.Line($"new Span<float>({Literals.Plus(Element(_plan.Result), r * step + 1)}, {Literals.Int(Layout.Block - 1)}).Clear();");
                continue;
            }
            for (int v = 0; v < vectors; v++)
                _writer.Line(_isa.Store(sums[r, v], Literals.Plus(Element(_plan.Result), r * step + v * _isa.Lanes)));
        }
    }

    /// <summary>Adds one product to each sum of a tile. What all rows or all vectors have in common is read once.</summary>
    private void EmitTerms(int rows, int vectors, string[,] sums)
    {
        Func<int, int, string> left = Reader(_plan.Left, "a", rows, vectors), right = Reader(_plan.Right, "b", rows, vectors);
        for (int r = 0; r < rows; r++)
        {
            for (int v = 0; v < vectors; v++)
            {
                string a = left(r, v), b = right(r, v);
                _writer.Line(_plan.HasLanes ? $"{sums[r, v]} = {_isa.MultiplyAdd(a, b, sums[r, v])};" : $"{sums[r, v]} += {a} * {b};");
            }
        }
    }

    /// <summary>Reads into registers what an operand gives to more than one sum; the rest is read where it is used.</summary>
    private Func<int, int, string> Reader(ContractionOperand operand, string register, int rows, int vectors)
    {
        bool byRow = _plan.Tile is { } tile && operand.Has(tile) && rows > 1, byVector = operand.IsVector && vectors > 1;
        long step = _plan.Tile is { } index ? operand.StrideOf(index) : 0;
        string type = _plan.HasLanes ? _isa.Type : "float";
        var known = new Dictionary<(int, int), string>();
        for (int r = 0; r < (byRow ? rows : 1); r++)
        {
            for (int v = 0; v < (byVector ? vectors : 1); v++)
            {
                string value = Read(r * step + v * _isa.Lanes);
                bool isShared = (!byRow && rows > 1) || (!byVector && vectors > 1);
                string name = register + (byRow ? Literals.Int(r) : "") + (byVector ? "_" + Literals.Int(v) : "");
                if (isShared)
                    _writer.Line($"{type} {name} = {value};");
                known[(r, v)] = isShared ? name : value;
            }
        }
        return (r, v) => known[(byRow ? r : 0, byVector ? v : 0)];

        string Read(long offset)
        {
            string address = Literals.Plus(Element(operand), offset);
            if (operand.IsVector)
                return _isa.Load(address);
            string element = offset == 0 ? $"*{Element(operand)}" : $"{Element(operand)}[{Literals.Int(offset)}]";
            return _plan.HasLanes ? _isa.Broadcast(element) : element;
        }
    }

    /// <summary>The pointer to a value's element, as a name.</summary>
    private string Element(ContractionOperand value) => _at[value].IndexOf(' ') < 0 ? _at[value] : $"({_at[value]})";
}
