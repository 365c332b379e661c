using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The kernel of losses that compare element with element: output and gradient are rows, the target is the caller's memory.
/// </summary>
internal sealed class ElementwiseLossKernel
{
    private readonly SourceWriter _writer;
    private readonly VectorIsa _isa;
    private readonly VectorCode _code;
    private readonly ElementLoss _element;

    /// <summary>Factors differ by channel: a channel is a run with a factor of its own.</summary>
    private readonly bool _byChannel;

    private readonly int _runs, _length;

    /// <summary>Values of a run that fill vectors, and those behind.</summary>
    private readonly int _whole, _rest;

    private ElementwiseLossKernel(SourceWriter writer, VectorIsa isa, KernelNames names, ElementLoss element, TensorShape shape, int size)
    {
        (_writer, _isa, _code, _element) = (writer, isa, new VectorCode(isa, names), element);
        _byChannel = shape.HasChannels && element.Factors.Any(f => f.Values.Count > 1);
        _runs = _byChannel ? shape.Channels : 1;
        _length = size / _runs;
        _whole = _length / isa.Lanes * isa.Lanes;
        _rest = _length - _whole;
    }

    /// <param name="shape">The network's output; an image's factors may differ by channel.</param>
    /// <param name="areRows">The rows are one sample's positions, whose losses add up.</param>
    public static Kernel Create(
        string name, string title, ElementLoss element, TensorShape shape, Layout input, Layout gradient, bool areRows)
        => new(name,
            $"{title} over {Literals.Int(input.Channels)} values: loss = {element.Formula}; gradient = {element.SlopeFormula} · scale.",
            "Values are in the caller's order. The losses of a sample are summed in double precision."
                + (areRows ? " Positions of one sample." : ""),
            [Floats("output"), LossParameters.Target, Floats("outputGradient"), LossParameters.Losses, LossParameters.Scale, Samples],
            (writer, isa, names)
                => new ElementwiseLossKernel(writer, isa, names, element, shape, input.Channels).Emit(input, gradient, areRows));

    /// <summary>A constant array, filled up with zeros to whole vectors of any width.</summary>
    public static string Table(EquatableArray<float> values, bool exact = false)
    {
        IEnumerable<float> padded = exact ? values : values.Concat(Enumerable.Repeat(0f, Layout.RoundUp(values.Count) - values.Count));
        return $"new float[] {{ {string.Join(", ", padded.Select(Literals.Float))} }}";
    }

    private void Emit(Layout input, Layout gradient, bool areRows)
    {
        int size = input.Channels;
        DeclareConstants();
        string advance = $"output += {Literals.Int(input.SampleStride)}, target += {Literals.Int(size)}, "
            + $"outputGradient += {Literals.Int(gradient.SampleStride)}";
        if (areRows)
            DeclareSums();
        using (_writer.Block($"for (int n = 0; n < samples; n++, {advance})"))
        {
            if (!areRows)
                DeclareSums();
            if (_byChannel)
                EmitChannels();
            else
                EmitRun("output", "target", "outputGradient");
            int written = _byChannel ? size : _whole + (_rest > 0 ? _isa.Lanes : 0), padded = Layout.RoundUp(size);
            if (written < padded)
                _writer.Line($"new Span<float>(outputGradient + {Literals.Int(written)}, {Literals.Int(padded - written)}).Clear();");
            if (!areRows)
                EmitLoss("n");
        }
        if (areRows)
            EmitLoss("0");
    }

    private void DeclareSums()
    {
        _writer.Line($"{_isa.Static}<double> sum = {_isa.Static}<double>.Zero;");
        if (_element.Refused is not null)
            _writer.Line($"{_isa.Type} refused = {_isa.Zero};");
    }

    private void EmitLoss(string sample)
    {
        string total = $"{_isa.Static}.Sum(sum)";
        _writer.Line(_element.Refused is null ? $"losses[{sample}] = {total};" : $"losses[{sample}] = "
            + $"{_isa.Static}.EqualsAll(refused.AsInt32(), {_isa.Static}<int>.Zero) ? {total} : double.NegativeInfinity;");
    }

    private void DeclareConstants()
    {
        _writer.Line($"{_isa.Type} factor = {_isa.Broadcast("scale")};");
        foreach (ElementFactor factor in _element.Factors)
        {
            if (factor.Values.Count == 1)
                _writer.Line($"{_isa.Type} {factor.Name} = {_isa.Broadcast(Literals.Float(factor.Values[0]))};");
            else
                _writer.Line($"ReadOnlySpan<float> {factor.Name}Table = {Table(factor.Values, _byChannel)};");
        }
        if (_rest == 0)
            return;
        string lanes = Literals.Int(_isa.Lanes);
        _writer.Line("// The caller's memory ends with the last value: what does not fill a vector goes through these.");
        _writer.Line($"float* lastTargets = stackalloc float[{lanes}];");
        _writer.Line($"{_isa.Type} present = {Present()};");
        _writer.Line($"{_isa.Zero}.Store(lastTargets);");
        if (_byChannel)
            _writer.Line($"float* lastOutputs = stackalloc float[{lanes}], lastGradients = stackalloc float[{lanes}];");
    }

    private void EmitChannels()
    {
        using (_writer.Block($"for (int channel = 0; channel < {Literals.Int(_runs)}; channel++)"))
        {
            foreach (ElementFactor factor in _element.Factors.Where(f => f.Values.Count > 1))
                _writer.Line($"{_isa.Type} {factor.Name} = {_isa.Broadcast($"{factor.Name}Table[channel]")};");
            string offset = $"channel * {Literals.Int(_length)}";
            _writer.Line($"float* x0 = output + {offset}, t0 = target + {offset}, dx0 = outputGradient + {offset};");
            EmitRun("x0", "t0", "dx0");
        }
    }

    /// <param name="x">Pointer to the outputs.</param>
    /// <param name="t">Pointer to the targets.</param>
    /// <param name="dx">Pointer to the gradients.</param>
    private void EmitRun(string x, string t, string dx)
    {
        if (_whole > 0)
        {
            using (_writer.Block($"for (int i = 0; i < {Literals.Int(_whole)}; i += {Literals.Int(_isa.Lanes)})"))
            {
                Load(_isa.Load($"{x} + i"), _isa.Load($"{t} + i"), "i");
                if (_element.Refused is { } refused)
                    _writer.Line($"refused |= {_code.Text(refused)};");
                _code.Write(_writer, _element.Program);
                EmitSum();
                Store($"{dx} + i");
            }
        }
        if (_rest > 0)
        {
            using (_writer.Block())
                EmitRest(x, t, dx);
        }
    }

    /// <summary>The values of a run that fill no vector.</summary>
    private void EmitRest(string x, string t, string dx)
    {
        string whole = Literals.Int(_whole), rest = Literals.Int(_rest);
        _writer.Line($"new ReadOnlySpan<float>({t} + {whole}, {rest}).CopyTo(new Span<float>(lastTargets, {rest}));");
        if (_byChannel)
            _writer.Line($"new ReadOnlySpan<float>({x} + {whole}, {rest}).CopyTo(new Span<float>(lastOutputs, {rest}));");
        Load(_byChannel ? _isa.Load("lastOutputs") : _isa.Load(Literals.Plus(x, _whole)), _isa.Load("lastTargets"), whole);
        if (_element.Refused is { } refused)
            _writer.Line($"refused |= {_code.Text(refused & ElementMask.Named("present"))};");
        _code.Write(_writer, _element.Program);
        _writer.Line($"{_code.Text(_element.Cost)} &= present;");
        _writer.Line($"{_code.Text(_element.Slope)} &= present;");
        EmitSum();
        Store(_byChannel ? "lastGradients" : Literals.Plus(dx, _whole));
        if (_byChannel)
            _writer.Line($"new ReadOnlySpan<float>(lastGradients, {rest}).CopyTo(new Span<float>({dx} + {whole}, {rest}));");
    }

    /// <summary>Output, target and factors of a vector.</summary>
    private void Load(string output, string target, string index)
    {
        _writer.Line($"{_isa.Type} {_code.Text(ElementLoss.Output)} = {output}, {_code.Text(ElementLoss.Target)} = {target};");
        if (_byChannel)
            return;
        foreach (ElementFactor factor in _element.Factors.Where(f => f.Values.Count > 1))
        {
            string values = $"{factor.Name}Table.Slice({index}, {Literals.Int(_isa.Lanes)})";
            _writer.Line($"{_isa.Type} {factor.Name} = {_isa.Static}.Create({values});");
        }
    }

    private void EmitSum()
    {
        _writer.Line($"({_isa.Static}<double> lower, {_isa.Static}<double> upper) = {_isa.Static}.Widen({_code.Text(_element.Cost)});");
        _writer.Line("sum += lower + upper;");
    }

    private void Store(string address)
        => _writer.Line(_isa.Store(_code.Text(ElementValue.Group(_element.Slope * ElementValue.Named("factor"))), address));

    /// <summary>All bits set in the lanes of the rest.</summary>
    private string Present()
    {
        IEnumerable<string> lanes = Enumerable.Range(0, _isa.Lanes).Select(lane => lane < _rest ? "-1" : "0");
        return $"{_isa.Static}.Create({string.Join(", ", lanes)}).AsSingle()";
    }
}
