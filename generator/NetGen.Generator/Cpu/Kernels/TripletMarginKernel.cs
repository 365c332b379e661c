using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// max(0, d(anchor, positive) − d(anchor, negative) + margin), and its slopes. Distances are taken in double precision; norms other than
/// the first and the second go one element at a time, and all but the largest difference through powers.
/// </summary>
internal sealed class TripletMarginKernel
{
    private readonly SourceWriter _writer;
    private readonly VectorIsa _isa;
    private readonly TripletMarginLossSpec _spec;
    private readonly int _size, _whole;
    private readonly string _eps;
    private readonly IReadOnlyList<Distance> _distances;

    private TripletMarginKernel(SourceWriter writer, VectorIsa isa, TripletMarginLossSpec spec, int size)
    {
        (_writer, _isa, _spec, _size) = (writer, isa, spec, size);
        _whole = spec.P is 1 or 2 ? size / isa.Lanes * isa.Lanes : 0;
        _eps = spec.Eps == 0 ? "" : $" + {Literals.Float((float)spec.Eps)}";
        _distances =
        [
            new("positive", "anchor", "positive"), new("negative", "anchor", "negative"),
            .. spec.Swap ? [new Distance("between", "positive", "negative")] : Array.Empty<Distance>(),
        ];
    }

    /// <summary>Two vectors and what belongs to their distance.</summary>
    private sealed record Distance(string Name, string From, string To)
    {
        public string Sum => Name + "Sum";

        public string Value => Name + "Distance";

        /// <summary>The slope of the loss by the norm's own slope.</summary>
        public string Slope => "of" + char.ToUpperInvariant(Name[0]) + Name.Substring(1);

        /// <summary>How many elements have the largest difference.</summary>
        public string Count => Name + "Count";
    }

    /// <param name="input">Of all three outputs, and of their gradients.</param>
    public static Kernel Create(string title, TripletMarginLossSpec spec, Layout input)
    {
        string swap = spec.Swap ? " The negative's distance is the smaller one of those to anchor and positive." : "";
        return new Kernel("TripletMarginLoss", $"{title} over vectors of {Literals.Int(input.Channels)}: loss = max(0, d(anchor, positive) − "
            + $"d(anchor, negative) + margin), d(x, y) = ‖x − y + eps‖.{swap}",
            "gradient = scale · the norms' slopes, where the loss is not cut off.",
            [
                Floats("anchor"), Floats("positive"), Floats("negative"), Floats("anchorGradient"), Floats("positiveGradient"),
                Floats("negativeGradient"), LossParameters.Losses, LossParameters.Scale, Samples,
            ], (writer, isa, _) => new TripletMarginKernel(writer, isa, spec, input.Channels).Emit(input));
    }

    private void Emit(Layout input)
    {
        string[] pointers = ["anchor", "positive", "negative"];
        string step = Literals.Int(input.SampleStride);
        string advance = string.Join(", ", pointers.Concat(pointers.Select(name => name + "Gradient")).Select(name => $"{name} += {step}"));
        using (_writer.Block($"for (int n = 0; n < samples; n++, {advance})"))
        {
            EmitDistances();
            EmitLoss();
            foreach (string name in pointers)
                _writer.Line($"new Span<float>({name}Gradient, {Literals.Int(Layout.RoundUp(_size))}).Clear();");
            // As in PyTorch, the limit itself has the slope inside of it.
            _writer.Line("if (!(excess >= 0))");
            using (_writer.Indent())
                _writer.Line("continue;");
            EmitSlopes();
            EmitGradients();
        }
    }

    private void EmitDistances()
    {
        _writer.Line($"double {string.Join(", ", _distances.Select(distance => $"{distance.Sum} = 0"))};");
        if (_whole > 0)
        {
            string[] lanes = [.. _distances.Select(distance => distance.Name + "Lanes")];
            IReadOnlyList<string> totals = new LongSum(_writer, _isa, lanes).AllOverVectors(_whole, _isa.Lanes, () =>
            {
                for (int i = 0; i < lanes.Length; i++)
                {
                    Distance distance = _distances[i];
                    _writer.Line($"{_isa.Type} {distance.Name}Step = {Difference(distance)};");
                    _writer.Line(_spec.P == 2
                        ? $"{lanes[i]} = {_isa.MultiplyAdd(distance.Name + "Step", distance.Name + "Step", lanes[i])};"
                        : $"{lanes[i]} += {_isa.Static}.Abs({distance.Name}Step);");
                }
            });
            for (int i = 0; i < lanes.Length; i++)
                _writer.Line($"{_distances[i].Sum} += {totals[i]};");
        }
        if (_whole < _size)
        {
            using (Rest())
            {
                foreach (Distance distance in _distances)
                {
                    _writer.Line($"double {distance.Name}Step = {ScalarDifference(distance)};");
                    _writer.Line(Term(distance.Sum, distance.Name + "Step"));
                }
            }
        }
        foreach (Distance distance in _distances)
            _writer.Line($"double {distance.Value} = {Norm(distance.Sum)};");
    }

    private string Term(string sum, string step) => _spec.P switch
    {
        1 => $"{sum} += Math.Abs({step});",
        2 => $"{sum} += {step} * {step};",
        double.PositiveInfinity => $"{sum} = Math.Max({sum}, Math.Abs({step}));",
        _ => $"{sum} += Math.Pow(Math.Abs({step}), {Literals.Double(_spec.P)});",
    };

    private string Norm(string sum) => _spec.P switch
    {
        1 or double.PositiveInfinity => sum,
        2 => $"Math.Sqrt({sum})",
        _ => $"Math.Pow({sum}, {Literals.Double(1 / _spec.P)})",
    };

    private void EmitLoss()
    {
        string nearest = _spec.Swap ? "Math.Min(negativeDistance, betweenDistance)" : "negativeDistance";
        _writer.Line($"double excess = positiveDistance - {nearest} + {Literals.Double(_spec.Margin)};");
        _writer.Line("losses[n] = Math.Max(0, excess);");
    }

    /// <summary>Declares for each distance what the slope of its norm is multiplied by.</summary>
    private void EmitSlopes()
    {
        if (_spec.Swap)
        {
            _writer.Line("// Equal distances share the slope.");
            _writer.Line("float share = negativeDistance < betweenDistance ? scale : negativeDistance > betweenDistance ? 0 : 0.5f * scale;");
        }
        if (double.IsInfinity(_spec.P))
            EmitCounts();
        foreach (Distance distance in _distances)
        {
            string part = !_spec.Swap ? "scale" : distance.Name switch
            {
                "positive" => "scale",
                "negative" => "share",
                _ => "(scale - share)",
            };
            string slope = _spec.P switch
            {
                1 => part,
                2 => $"{distance.Value} > 0 ? (float)({part} / {distance.Value}) : 0",
                double.PositiveInfinity => $"{part} / {distance.Count}",
                _ => $"{distance.Value} > 0 ? {part} / Math.Pow({distance.Value}, {Literals.Double(_spec.P - 1)}) : 0",
            };
            _writer.Line($"{(_spec.P is 1 or 2 ? "float" : "double")} {distance.Slope} = {slope};");
        }
    }

    /// <summary>The slope of the largest difference is shared by all elements that have it.</summary>
    private void EmitCounts()
    {
        _writer.Line($"int {string.Join(", ", _distances.Select(distance => $"{distance.Count} = 0"))};");
        using (Rest())
        {
            foreach (Distance distance in _distances)
            {
                _writer.Line($"if (Math.Abs((double)({ScalarDifference(distance)})) == {distance.Value})");
                using (_writer.Indent())
                    _writer.Line($"{distance.Count}++;");
            }
        }
    }

    private void EmitGradients()
    {
        if (_whole > 0)
        {
            foreach (Distance distance in _distances)
                _writer.Line($"{_isa.Type} {distance.Name}Factor = {_isa.Broadcast(distance.Slope)};");
            using (_writer.Block($"for (int i = 0; i < {Literals.Int(_whole)}; i += {Literals.Int(_isa.Lanes)})"))
            {
                foreach (Distance distance in _distances)
                {
                    _writer.Line($"{_isa.Type} {distance.Name}Step = {Difference(distance)};");
                    _writer.Line($"{_isa.Type} {distance.Name}Slope = {VectorSlope(distance)};");
                }
                foreach ((string pointer, string sum) in Sums())
                    _writer.Line(_isa.Store(sum, pointer + "Gradient + i"));
            }
        }
        if (_whole == _size)
            return;
        using (Rest())
        {
            foreach (Distance distance in _distances)
            {
                _writer.Line($"float {distance.Name}Step = {ScalarDifference(distance)};");
                _writer.Line($"float {distance.Name}Slope = {ScalarSlope(distance)};");
            }
            foreach ((string pointer, string sum) in Sums())
                _writer.Line($"{pointer}Gradient[i] = {sum};");
        }
    }

    private IEnumerable<(string Pointer, string Sum)> Sums() =>
    [
        ("anchor", "positiveSlope - negativeSlope"),
        ("positive", _spec.Swap ? "-positiveSlope - betweenSlope" : "-positiveSlope"),
        ("negative", _spec.Swap ? "negativeSlope + betweenSlope" : "negativeSlope"),
    ];

    private string VectorSlope(Distance distance)
    {
        string step = distance.Name + "Step", factor = distance.Name + "Factor";
        if (_spec.P == 2)
            return $"{step} * {factor}";
        string below = $"{_isa.Static}.ConditionalSelect({_isa.Static}.LessThan({step}, {_isa.Zero}), -{factor}, {_isa.Zero})";
        return $"{_isa.Static}.ConditionalSelect({_isa.Static}.GreaterThan({step}, {_isa.Zero}), {factor}, {below})";
    }

    private string ScalarSlope(Distance distance)
    {
        string step = distance.Name + "Step", sign = $"{step} > 0 ? {distance.Slope} : {step} < 0 ? -{distance.Slope} : 0";
        return _spec.P switch
        {
            1 => sign,
            2 => $"{step} * {distance.Slope}",
            double.PositiveInfinity => $"Math.Abs((double){step}) == {distance.Value} ? (float)({sign}) : 0",
            _ => $"(float)(Math.Sign({step}) * Math.Pow(Math.Abs((double){step}), {Literals.Double(_spec.P - 1)}) * {distance.Slope})",
        };
    }

    /// <summary>A loop over the features that fill no vector.</summary>
    private SourceWriter.Scope Rest() => _writer.Block($"for (int i = {Literals.Int(_whole)}; i < {Literals.Int(_size)}; i++)");

    private string Difference(Distance distance)
    {
        string eps = _spec.Eps == 0 ? "" : $" + {_isa.Broadcast(Literals.Float((float)_spec.Eps))}";
        return $"{_isa.Load(distance.From + " + i")} - {_isa.Load(distance.To + " + i")}{eps}";
    }

    private string ScalarDifference(Distance distance) => $"{distance.From}[i] - {distance.To}[i]{_eps}";
}
