using NetGen.Conformance.Tests.Layers.Activations;
using NetGen.Conformance.Tests.Reference;
using static NetGen.Conformance.Tests.Layers.ApproximateMath;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The steps of an <see cref="AttentionGRU"/> over one sample, by its formulas, and back through them.</summary>
internal sealed class AttentionSteps
{
    /// <summary>What a step gave, and what going back reads of it.</summary>
    /// <param name="Bounded">tanh(query + key), by position of the memory; null for dot scores.</param>
    /// <param name="Sums">Before r, z and n take their functions.</param>
    /// <param name="Product">Of the state, for n.</param>
    private sealed record Step(Estimate Before, Approximate[]? Bounded, Approximate[]? Arguments, Estimate Weights, Estimate Context,
        Approximate[][] Sums, Approximate[] Product, Estimate State);

    private readonly AttentionGRU _layer;
    private readonly LayerRun _run;
    private readonly Estimate _x, _memory, _keys;
    private readonly int _features, _width;
    private readonly List<Step> _steps = [];

    private AttentionSteps(AttentionGRU layer, LayerRun run, int sample)
    {
        (_layer, _run, _x, _memory) = (layer, run, run.Inputs[0][sample], run.Inputs[1][sample]);
        _features = run.Node.Inputs[0].Shape.Width;
        _width = run.Node.Inputs[1].Shape.Width;
        _keys = layer.IsAdditive ? Keys.Apply(_memory) : _memory;
    }

    public Estimate States => Join(step => step.State);

    public Estimate LastState => _steps[^1].State;

    public Estimate Contexts => Join(step => step.Context);

    public Estimate Weights => Join(step => step.Weights);

    private int Positions => _memory.Length / _width;

    private LinearRows Inputs => Rows("weight_ih", "bias_ih", _features, 3 * _layer.HiddenSize);

    private LinearRows OfContext => Rows("weight_ch", null, _width, 3 * _layer.HiddenSize);

    private LinearRows OfState => Rows("weight_hh", "bias_hh", _layer.HiddenSize, 3 * _layer.HiddenSize);

    private LinearRows Queries => Rows("weight_query", null, _layer.HiddenSize, _layer.QuerySize);

    private LinearRows Keys => Rows("weight_key", null, _width, _layer.QuerySize);

    private LinearRows Rows(string weight, string? bias, int inputs, int outputs) => new(_run, weight, 0, bias, 0, inputs, outputs);

    public static AttentionSteps Forward(AttentionGRU layer, LayerRun run, int sample)
    {
        var steps = new AttentionSteps(layer, run, sample);
        Estimate state = run.Inputs.Count > 2 ? run.Inputs[2][sample] : new Estimate(layer.HiddenSize);
        for (int position = 0; position < steps._x.Length / steps._features; position++)
            state = steps.Take(position, state);
        return steps;
    }

    private Estimate Take(int position, Estimate before)
    {
        int hidden = _layer.HiddenSize;
        Estimate? query = !_layer.IsAdditive ? null : Queries.Apply(before);
        (Estimate scores, Approximate[]? bounded, Approximate[]? arguments) = Scores(query ?? before);
        Estimate weights = SoftmaxFunction.Apply(scores);
        var sums = new Accumulator(_width);
        for (int j = 0; j < Positions; j++)
        {
            for (int f = 0; f < _width; f++)
                sums.Add(f, weights.Values[j], weights.Errors[j], _memory.Values[j * _width + f], _memory.Errors[j * _width + f]);
        }
        Estimate context = sums.ToEstimate();
        Estimate inputs = Estimate.Add(Inputs.Apply(Slice(_x, position, _features)), OfContext.Apply(context)),
            products = OfState.Apply(before);
        var gates = new Approximate[3][];
        var product = new Approximate[hidden];
        var state = new Approximate[hidden];
        for (int gate = 0; gate < 3; gate++)
            gates[gate] = new Approximate[hidden];
        for (int unit = 0; unit < hidden; unit++)
        {
            Approximate Of(Estimate all, int gate) => Approximate.Of(all, gate * hidden + unit);

            gates[0][unit] = Plus(Of(inputs, 0), Of(products, 0));
            gates[1][unit] = Plus(Of(inputs, 1), Of(products, 1));
            product[unit] = Of(products, 2);
            gates[2][unit] = Plus(Of(inputs, 2), Times(Apply(new Sigmoid(), gates[0][unit]), product[unit]));
            Approximate n = Apply(new Tanh(), gates[2][unit]), z = Apply(new Sigmoid(), gates[1][unit]);
            state[unit] = Plus(n, Times(z, Minus(Approximate.Of(before, unit), n)));
        }
        var step = new Step(before, bounded, arguments, weights, context, gates, product, ToEstimate(state));
        _steps.Add(step);
        return step.State;
    }

    /// <summary>Of a query with all keys; what its functions were given and gave, by key, then feature.</summary>
    private (Estimate Scores, Approximate[]? Bounded, Approximate[]? Arguments) Scores(Estimate query)
    {
        int size = query.Length;
        var sums = new Accumulator(Positions);
        if (!_layer.IsAdditive)
        {
            for (int at = 0; at < _keys.Length; at++)
                sums.Add(at / size, query.Values[at % size], query.Errors[at % size], _keys.Values[at], _keys.Errors[at]);
            return (sums.ToEstimate(), null, null);
        }
        double[] score = _run.Tensor("weight_score");
        Approximate[] bounded = new Approximate[_keys.Length], arguments = new Approximate[_keys.Length];
        for (int at = 0; at < _keys.Length; at++)
        {
            arguments[at] = Plus(Approximate.Of(query, at % size), Approximate.Of(_keys, at));
            bounded[at] = Apply(new Tanh(), arguments[at]);
            sums.Add(at / size, bounded[at].Value, bounded[at].Error, score[at % size], 0);
        }
        return (sums.ToEstimate(), bounded, arguments);
    }

    /// <param name="gradients">Of states, last state, contexts and weights; null where nothing reads them.</param>
    /// <returns>Of input, memory and, where there is one, the first state.</returns>
    public Estimate[] Backward(LayerRun run, Estimate?[] gradients)
    {
        int hidden = _layer.HiddenSize;
        Accumulator ofMemory = new(_memory.Length), ofKeys = new(_keys.Length);
        var ofInputs = new Estimate(_steps.Count * 3 * hidden);
        Estimate flow = gradients[1] ?? new Estimate(hidden);
        for (int position = _steps.Count - 1; position >= 0; position--)
        {
            Step step = _steps[position];
            if (gradients[0] is { } dy)
                flow = Estimate.Add(flow, Slice(dy, position, hidden));
            (Estimate inputs, Estimate products, Estimate bypass) = Back(step, flow);
            Put(ofInputs, position, inputs);
            Estimate ofContext = OfContext.Gradient(step.Context, inputs);
            if (gradients[2] is { } dc)
                ofContext = Estimate.Add(ofContext, Slice(dc, position, _width));
            Estimate ofQuery = BackFromMemory(
                step, ofContext, gradients[3] is { } da ? Slice(da, position, Positions) : null, ofMemory, ofKeys);
            flow = Estimate.Add(Estimate.Add(bypass, OfState.Gradient(step.Before, products)),
                !_layer.IsAdditive ? ofQuery : Queries.Gradient(step.Before, ofQuery));
        }
        Estimate keys = ofKeys.ToEstimate(), throughKeys = !_layer.IsAdditive ? keys : Keys.Gradient(_memory, keys);
        Estimate[] all = [Inputs.Gradient(_x, ofInputs), Estimate.Add(ofMemory.ToEstimate(), throughKeys)];
        return run.Inputs.Count > 2 ? [.. all, flow] : all;
    }

    /// <summary>Back through a cell: the gradients of its inputs, of the state's products, and of the state but for those.</summary>
    private (Estimate Inputs, Estimate Products, Estimate Bypass) Back(Step step, Estimate flow)
    {
        int hidden = _layer.HiddenSize;
        Approximate[] inputs = new Approximate[3 * hidden], products = new Approximate[3 * hidden], bypass = new Approximate[hidden];
        for (int unit = 0; unit < hidden; unit++)
        {
            Approximate of = Approximate.Of(flow, unit), before = Approximate.Of(step.Before, unit);
            Approximate r = Apply(new Sigmoid(), step.Sums[0][unit]), z = Apply(new Sigmoid(), step.Sums[1][unit]),
                n = Apply(new Tanh(), step.Sums[2][unit]);
            Approximate ofN = Times(Times(of, Minus(Approximate.Exact(1), z)), Slope(new Tanh(), step.Sums[2][unit])),
                ofR = Times(Times(ofN, step.Product[unit]), Slope(new Sigmoid(), step.Sums[0][unit])),
                ofZ = Times(Times(of, Minus(before, n)), Slope(new Sigmoid(), step.Sums[1][unit]));
            (inputs[unit], inputs[hidden + unit], inputs[2 * hidden + unit]) = (ofR, ofZ, ofN);
            (products[unit], products[hidden + unit], products[2 * hidden + unit]) = (ofR, ofZ, Times(ofN, r));
            bypass[unit] = Times(of, z);
        }
        return (ToEstimate(inputs), ToEstimate(products), ToEstimate(bypass));
    }

    /// <summary>Adds what flows back to memory and keys.</summary>
    /// <returns>The gradient of the query.</returns>
    private Estimate BackFromMemory(Step step, Estimate ofContext, Estimate? ofWeights, Accumulator ofMemory, Accumulator ofKeys)
    {
        var products = new Accumulator(Positions);
        for (int j = 0; j < Positions; j++)
        {
            for (int f = 0; f < _width; f++)
            {
                int at = j * _width + f;
                products.Add(j, ofContext.Values[f], ofContext.Errors[f], _memory.Values[at], _memory.Errors[at]);
                ofMemory.Add(at, step.Weights.Values[j], step.Weights.Errors[j], ofContext.Values[f], ofContext.Errors[f]);
            }
        }
        Estimate of = products.ToEstimate(),
            slopes = SoftmaxFunction.Gradient(step.Weights, ofWeights is null ? of : Estimate.Add(of, ofWeights));
        int size = !_layer.IsAdditive ? _layer.HiddenSize : _layer.QuerySize;
        var ofQuery = new Accumulator(size);
        Accumulator? ofScore = !_layer.IsAdditive ? null : _run.Gradient("weight_score");
        for (int at = 0; at < _keys.Length; at++)
        {
            int j = at / size, i = at % size;
            Approximate slope = Approximate.Of(slopes, j);
            if (step.Bounded is null)
            {
                ofQuery.Add(i, slope.Value, slope.Error, _keys.Values[at], _keys.Errors[at]);
                ofKeys.Add(at, slope.Value, slope.Error, step.Before.Values[i], step.Before.Errors[i]);
                continue;
            }
            ofScore!.Add(i, slope.Value, slope.Error, step.Bounded[at].Value, step.Bounded[at].Error);
            Approximate factor = Approximate.Exact(_run.Tensor("weight_score")[i]),
                flow = Times(Times(slope, factor), Slope(new Tanh(), step.Arguments![at]));
            ofQuery.Add(i, flow.Value, flow.Error, 1, 0);
            ofKeys.Add(at, flow.Value, flow.Error, 1, 0);
        }
        return ofQuery.ToEstimate();
    }

    private Estimate Join(Func<Step, Estimate> part)
    {
        Estimate[] parts = [.. _steps.Select(part)];
        return new Estimate([.. parts.SelectMany(one => one.Values)], [.. parts.SelectMany(one => one.Errors)]);
    }

    private static Estimate Slice(Estimate all, int index, int length)
        => new(all.Values[(index * length)..((index + 1) * length)], all.Errors[(index * length)..((index + 1) * length)]);

    private static void Put(Estimate all, int index, Estimate part)
    {
        part.Values.CopyTo(all.Values, index * part.Length);
        part.Errors.CopyTo(all.Errors, index * part.Length);
    }

    private static Estimate ToEstimate(Approximate[] all) => new([.. all.Select(one => one.Value)], [.. all.Select(one => one.Error)]);
}
