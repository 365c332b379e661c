using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Loops over a sample, or over 16 side by side, along dimensions of which some are kept and the others become one element: outside those
/// that are kept, inside those that are not, as often as passes are needed. What has been summed is a vector: of as many kept elements, or,
/// where the lanes are among what becomes one, of one element in all lanes.
/// </summary>
internal sealed class ReducedLoops
{
    private readonly SourceWriter _writer;
    private readonly VectorIsa _isa;
    private readonly Layout _all;
    private readonly BroadcastOperand _one;
    private readonly (string Name, Layout Layout)[] _values;

    /// <param name="one">A layout that has extent 1 along the dimensions that become one.</param>
    /// <param name="values">The pointers to values of all elements, and their layouts.</param>
    public ReducedLoops(SourceWriter writer, VectorIsa isa, Layout one, params (string Name, Layout Layout)[] values)
    {
        _writer = writer;
        _isa = isa;
        _all = values[0].Layout;
        _one = new BroadcastOperand("one", one, _all);
        _values = values;
    }

    /// <summary>Writes what is done for one vector of elements.</summary>
    /// <param name="at">The address of the vector, by the pointer's name.</param>
    /// <param name="mask">The lanes that stand for elements, as an expression; null for all.</param>
    public delegate void ElementWriter(Func<string, string> at, string? mask);

    /// <summary>Lanes are channels or features, which become one.</summary>
    private bool ReducesLanes => HasFeatureLanes ? _one.RepeatsColumns : _one.RepeatsChannels && _all.Kind != LayoutKind.Samples;

    private bool HasFeatureLanes => _all.Kind == LayoutKind.Positions;

    private bool IsRow => _all.Kind == LayoutKind.Rows;

    /// <summary>Terms of a sum in one lane.</summary>
    private long Terms
    {
        get
        {
            if (HasFeatureLanes)
            {
                return (_one.RepeatsColumns ? _all.Pitch / _isa.Lanes : 1L) * (_one.RepeatsRows ? _all.Height : 1)
                    * (_one.RepeatsChannels ? _all.Channels : 1);
            }
            int vectors = Layout.Block / _isa.Lanes;
            long channels = !_one.RepeatsChannels ? 1 : !ReducesLanes ? _all.Channels
                : (IsRow ? Layout.RoundUp(_all.Channels) / Layout.Block : _all.Planes) * (long)vectors;
            return channels * (_one.RepeatsRows ? _all.Height : 1) * (_one.RepeatsColumns ? _all.Width : 1);
        }
    }

    /// <summary>Floats of a row that become one.</summary>
    private int RunLength => !HasFeatureLanes ? (_one.RepeatsColumns ? _all.Width : 1) * Layout.Block
        : ReducesLanes ? _all.Width / _isa.Lanes * _isa.Lanes : _isa.Lanes;

    /// <summary>Floats from one vector of a row to the next.</summary>
    private int RunStep => ReducesLanes || HasFeatureLanes ? _isa.Lanes : Layout.Block;

    /// <summary>Loops over what is kept.</summary>
    public void EachKept(Action body)
    {
        using var loops = new BlockStack(_writer);
        if (!IsRow && !_one.RepeatsChannels)
            loops.Open(Loop("plane", _all.Planes));
        if (!IsRow && !_one.RepeatsRows)
            loops.Open(Loop("row", _all.Height));
        if (HasFeatureLanes && !ReducesLanes)
            loops.Open($"for (int column = 0; column < {Literals.Int(_all.Pitch)}; column += {Literals.Int(_isa.Lanes)})");
        else if (!IsRow && !_one.RepeatsColumns)
            loops.Open(Loop("column", _all.Width));
        if (HasLaneLoop)
            loops.Open($"for (int lane = 0; lane < 16; lane += {Literals.Int(_isa.Lanes)})");
        body();
    }

    /// <summary>Narrow vectors take the 16 lanes of a pixel one part after the other.</summary>
    private bool HasLaneLoop => !ReducesLanes && !HasFeatureLanes && _isa.Lanes < Layout.Block;

    /// <summary>The kept element, or elements, of a value that has nothing else.</summary>
    public string Load(string pointer, Layout layout)
        => ReducesLanes ? _isa.Broadcast($"*({KeptAddress(pointer, layout)})") : _isa.Load(KeptAddress(pointer, layout));

    /// <summary>Stores a vector as the kept element, or elements.</summary>
    public void Store(string vector, string pointer, Layout layout) => _writer.Line(ReducesLanes
        ? $"*({KeptAddress(pointer, layout)}) = {vector}.ToScalar();" : _isa.Store(vector, KeptAddress(pointer, layout)));

    /// <summary>Declares sums over what becomes one; long ones go on in double precision.</summary>
    /// <param name="body">Adds to vectors that are called after the sums, with <c>Part</c> behind.</param>
    public void Sum(string[] sums, ElementWriter body)
    {
        string[] parts = [.. sums.Select(sum => sum + "Part")];
        _writer.Line($"{_isa.Type} {string.Join(", ", sums)};");
        using (_writer.Block())
        {
            var total = new LongSum(_writer, _isa, parts);
            bool isLong = Terms > LongSum.MaxTerms;
            if (isLong)
            {
                total.Declare();
                if (!IsRow && !LongSum.IsCut(RunLength, RunStep))
                    total.DeclareCount();
            }
            else
            {
                _writer.Line($"{_isa.Type} {string.Join(", ", parts.Select(part => $"{part} = {_isa.Zero}"))};");
            }
            EachReduced(body, isLong ? total : null);
            if (isLong)
            {
                total.EndBlock();
                if (!ReducesLanes)
                    total.End();
            }
            for (int i = 0; i < sums.Length; i++)
            {
                string whole = !ReducesLanes ? parts[i]
                    : _isa.Broadcast(isLong ? $"(float){total.OfLanes(parts[i])}" : $"{_isa.Static}.Sum({parts[i]})");
                _writer.Line($"{sums[i]} = {whole};");
            }
        }
    }

    /// <summary>Declares the largest or smallest of what becomes one.</summary>
    /// <param name="body">Goes on with the vector <paramref name="name"/>.</param>
    /// <param name="function">Of two floats.</param>
    public void Extreme(string name, float first, string function, ElementWriter body)
    {
        _writer.Line($"{_isa.Type} {name} = {_isa.Broadcast(Literals.Float(first))};");
        EachReduced(body);
        if (!ReducesLanes)
            return;
        using (_writer.Block())
        {
            _writer.Line($"float only = {name}.ToScalar();");
            using (_writer.Block($"for (int i = 1; i < {Literals.Int(_isa.Lanes)}; i++)"))
                _writer.Line($"only = {function}(only, {name}.GetElement(i));");
            _writer.Line($"{name} = {_isa.Broadcast("only")};");
        }
    }

    /// <summary>Loops over what becomes one.</summary>
    public void EachReduced(ElementWriter body) => EachReduced(body, null);

    /// <summary>A vector where lanes that stand for nothing hold another number.</summary>
    public string Masked(string vector, string? mask, string otherwise)
        => mask is null ? vector : $"{_isa.Static}.ConditionalSelect({mask}, {vector}, {otherwise})";

    private void EachReduced(ElementWriter body, LongSum? sums)
    {
        using (_writer.Block())
        {
            if (!ReducesLanes)
                EmitPlanes(_one.RepeatsChannels ? (0, _all.Channels) : null, body, sums, mask: null);
            else if (IsRow)
                EmitFeatures(name => name, body, sums);
            else if (HasFeatureLanes)
                EmitPositions(body, sums);
            else
                EmitBlocks(body, sums);
        }
    }

    /// <summary>A vector of features: whole vectors, and one with what is left.</summary>
    /// <param name="row">The address of a value's first feature.</param>
    private void EmitFeatures(Func<string, string> row, ElementWriter body, LongSum? sums)
    {
        int features = IsRow ? _all.Channels : _all.Width, whole = features / _isa.Lanes * _isa.Lanes;
        if (whole > 0)
            EmitRun(whole, _isa.Lanes, sums, () => body(name => $"{row(name)} + i", null));
        if (whole == features)
            return;
        using (_writer.Block())
            body(name => Literals.Plus(row(name), whole), MaskOf(features - whole, "0"));
    }

    /// <summary>The features of each position.</summary>
    private void EmitPositions(ElementWriter body, LongSum? sums)
    {
        using var loops = new BlockStack(_writer);
        if (_one.RepeatsChannels)
            loops.Open(Loop("plane", _all.Planes));
        if (_one.RepeatsRows)
            loops.Open(Loop("row", _all.Height));
        DeclareRows();
        EmitFeatures(name => name + "Row", body, sums);
        if (!LongSum.IsCut(RunLength, RunStep))
            sums?.EndRound(Math.Max(1, RunLength / RunStep));
    }

    private void DeclareRows()
    {
        foreach ((string name, Layout layout) in _values)
        {
            var operand = new BroadcastOperand(name, layout, _all);
            _writer.Line($"float* {name}Row = {(IsRow ? name : operand.RowStart("plane", "row"))};");
        }
    }

    /// <summary>Blocks of channels: whole ones, and one with what is left.</summary>
    private void EmitBlocks(ElementWriter body, LongSum? sums)
    {
        int whole = _all.Channels / Layout.Block, rest = _all.Channels % Layout.Block;
        if (whole > 0)
            EmitPlanes((0, whole), body, sums, mask: null);
        if (rest > 0)
            EmitPlanes((whole, whole + 1), body, sums, lane => MaskOf(rest, lane));
    }

    /// <summary>Lanes that stand for the first elements of a block.</summary>
    /// <param name="lane">Of the block, the first of the vector.</param>
    private string MaskOf(int elements, string lane)
    {
        string numbers = _isa.Broadcast(string.Join(", ", Enumerable.Range(0, _isa.Lanes).Select(i => Literals.Float(i))));
        string shifted = lane == "0" ? numbers : $"{numbers} + {_isa.Broadcast($"(float)({lane})")}";
        return $"{_isa.Static}.LessThan({shifted}, {_isa.Broadcast(Literals.Float(elements))})";
    }

    /// <param name="planes">First and end; null where the plane is kept.</param>
    /// <param name="mask">Of the first lane of a vector; null where all lanes stand for elements.</param>
    private void EmitPlanes((int First, int End)? planes, ElementWriter body, LongSum? sums, Func<string, string>? mask)
    {
        using var loops = new BlockStack(_writer);
        if (planes is (int first, int end))
            loops.Open($"for (int plane = {Literals.Int(first)}; plane < {Literals.Int(end)}; plane++)");
        if (!IsRow && _one.RepeatsRows)
            loops.Open(Loop("row", _all.Height));
        DeclareRows();
        string column = IsRow || _one.RepeatsColumns ? "" : HasFeatureLanes ? "column" : "column * 16";
        int length = RunLength, step = RunStep;
        string lane = ReducesLanes ? "i & 15" : "";
        if (length == step)
        {
            Element("", "0");
            sums?.EndRound(1);
            return;
        }
        EmitRun(length, step, sums, () => Element("i", _isa.Lanes == Layout.Block ? "0" : lane));
        if (!LongSum.IsCut(length, step))
            sums?.EndRound(length / step);

        void Element(string run, string firstLane)
        {
            string[] terms = [column, run, HasLaneLoop ? "lane" : ""];
            string index = string.Concat(terms.Where(term => term.Length > 0).Select(term => " + " + term));
            body(name => $"{name}Row{index}", mask?.Invoke(firstLane));
        }
    }

    private void EmitRun(int length, int step, LongSum? sums, Action body)
    {
        if (sums is not null)
        {
            sums.EachVector(length, step, body);
            return;
        }
        using (_writer.Block($"for (int i = 0; i < {Literals.Int(length)}; i += {Literals.Int(step)})"))
            body();
    }

    private string KeptAddress(string pointer, Layout layout)
    {
        var operand = new BroadcastOperand(pointer, layout, _all);
        string address = IsRow ? pointer : operand.RowStart("plane", "row");
        if (!IsRow && !_one.RepeatsColumns)
            address += HasFeatureLanes ? " + column" : " + column * 16";
        return HasLaneLoop ? address + " + lane" : address;
    }

    private static string Loop(string variable, int count) => $"for (int {variable} = 0; {variable} < {Literals.Int(count)}; {variable}++)";
}
