using NetGen.Conformance.Tests.Layers.Activations;
using NetGen.Conformance.Tests.Reference;
using static NetGen.Conformance.Tests.Layers.ApproximateMath;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The steps of one recurrent layer in one direction over one sample: what they gave, and what backward needs of it.</summary>
internal sealed class RecurrentSteps
{
    private readonly RecurrentCell _cell;
    private readonly int _hidden, _features, _gates, _positions;
    private readonly string _suffix;
    private readonly bool _isReverse;
    private readonly Estimate _x;

    /// <summary>By position, then gate, then unit: before and behind its function; the state's product of a GRU's n.</summary>
    private readonly Approximate[] _sums, _values, _products;

    /// <summary>By position, then unit.</summary>
    private readonly Approximate[] _units, _cells;

    /// <summary>By position, then feature: the units, or where they are projected their products.</summary>
    private readonly Approximate[] _states;

    /// <summary>Before the first step, by feature and by unit.</summary>
    private readonly Approximate[] _firstState, _firstCell;

    private RecurrentSteps(RecurrentCell cell, int hidden, int gates, string suffix, bool isReverse, LayerRun run, Estimate x,
        Approximate[] firstState, Approximate[] firstCell)
    {
        (_firstState, _firstCell) = (firstState, firstCell);
        (_cell, _hidden, _gates, _suffix, _isReverse, _x) = (cell, hidden, gates, suffix, isReverse, x);
        _positions = x.Length / (run.Tensor("weight_ih" + suffix).Length / (gates * hidden));
        _sums = new Approximate[_positions * gates * hidden];
        _values = new Approximate[_sums.Length];
        _products = new Approximate[_positions * hidden];
        _units = new Approximate[_positions * hidden];
        _cells = new Approximate[_positions * hidden];
        _features = firstState.Length;
        _states = run.TensorOrNull("weight_hr" + suffix) is null ? _units : new Approximate[_positions * _features];
    }

    private bool IsProjected => _states != _units;

    /// <summary>By position.</summary>
    public Estimate States => ToEstimate(_states);

    public Estimate LastState => ToEstimate(_states.AsSpan(Position(_positions - 1) * _features, _features));

    public Estimate LastCell => ToEstimate(_cells.AsSpan(Position(_positions - 1) * _hidden, _hidden));

    public static RecurrentSteps Forward(
        RecurrentCell cell, int hidden, int gates, string suffix, bool isReverse, LayerRun run, Estimate x, Approximate[] firstState,
        Approximate[] firstCell)
    {
        var steps = new RecurrentSteps(cell, hidden, gates, suffix, isReverse, run, x, firstState, firstCell);
        for (int step = 0; step < steps._positions; step++)
            steps.ForwardStep(run, step);
        return steps;
    }

    private int Position(int step) => _isReverse ? _positions - 1 - step : step;

    private Approximate StateBefore(int step, int feature) =>
        step > 0 ? _states[Position(step - 1) * _features + feature] : _firstState[feature];

    private Approximate CellBefore(int step, int unit) => step > 0 ? _cells[Position(step - 1) * _hidden + unit] : _firstCell[unit];

    private void ForwardStep(LayerRun run, int step)
    {
        int position = Position(step), rows = _gates * _hidden, features = _x.Length / _positions;
        Accumulator inputs = new(rows), products = new(rows);
        double[] ofInput = run.Tensor("weight_ih" + _suffix), ofState = run.Tensor("weight_hh" + _suffix);
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < features; i++)
                inputs.Add(row, _x.Values[position * features + i], _x.Errors[position * features + i], ofInput[row * features + i], 0);
            for (int feature = 0; feature < _features; feature++)
            {
                Approximate state = StateBefore(step, feature);
                products.Add(row, state.Value, state.Error, ofState[row * _features + feature], 0);
            }
            if (run.TensorOrNull("bias_ih" + _suffix) is { } bias)
            {
                inputs.Add(row, bias[row], 0, 1, 0);
                products.Add(row, run.Tensor("bias_hh" + _suffix)[row], 0, 1, 0);
            }
        }
        Estimate a = inputs.ToEstimate(), b = products.ToEstimate();
        for (int unit = 0; unit < _hidden; unit++)
            ForwardUnit(step, unit, gate => (Approximate.Of(a, gate * _hidden + unit), Approximate.Of(b, gate * _hidden + unit)));
        if (IsProjected)
            Project(run, position);
    }

    private void Project(LayerRun run, int position)
    {
        double[] projection = run.Tensor("weight_hr" + _suffix);
        var sums = new Accumulator(_features);
        for (int feature = 0; feature < _features; feature++)
        {
            for (int unit = 0; unit < _hidden; unit++)
            {
                Approximate own = _units[position * _hidden + unit];
                sums.Add(feature, own.Value, own.Error, projection[feature * _hidden + unit], 0);
            }
        }
        Estimate states = sums.ToEstimate();
        for (int feature = 0; feature < _features; feature++)
            _states[position * _features + feature] = Approximate.Of(states, feature);
    }

    /// <summary>What flows back to the units of a position from its states; gradients of the projection are added up.</summary>
    private Approximate[] Unproject(LayerRun run, int position, Approximate[] states)
    {
        double[] projection = run.Tensor("weight_hr" + _suffix);
        Accumulator? ofProjection = run.GradientOrNull("weight_hr" + _suffix);
        var sums = new Accumulator(_hidden);
        for (int feature = 0; feature < _features; feature++)
        {
            (double value, double error) = states[feature];
            for (int unit = 0; unit < _hidden; unit++)
            {
                Approximate own = _units[position * _hidden + unit];
                sums.Add(unit, value, error, projection[feature * _hidden + unit], 0);
                ofProjection?.Add(feature * _hidden + unit, value, error, own.Value, own.Error);
            }
        }
        Estimate units = sums.ToEstimate();
        return [.. Enumerable.Range(0, _hidden).Select(unit => Approximate.Of(units, unit))];
    }

    private void ForwardUnit(int step, int unit, Func<int, (Approximate Input, Approximate Product)> gate)
    {
        int at = Position(step) * _hidden + unit;
        Approximate Take(int number, Activation function, Approximate sum)
        {
            int index = (Position(step) * _gates + number) * _hidden + unit;
            _sums[index] = sum;
            return _values[index] = Apply(function, sum);
        }

        Approximate Sum(int number) => Plus(gate(number).Input, gate(number).Product);

        switch (_cell)
        {
            case RecurrentCell.LSTM:
                Approximate i = Take(0, new Sigmoid(), Sum(0)), f = Take(1, new Sigmoid(), Sum(1)), g = Take(2, new Tanh(), Sum(2)),
                    o = Take(3, new Sigmoid(), Sum(3));
                _cells[at] = Plus(Times(f, CellBefore(step, unit)), Times(i, g));
                _units[at] = Times(o, Apply(new Tanh(), _cells[at]));
                break;
            case RecurrentCell.GRU:
                Approximate r = Take(0, new Sigmoid(), Sum(0)), z = Take(1, new Sigmoid(), Sum(1));
                (Approximate input, _products[at]) = gate(2);
                Approximate n = Take(2, new Tanh(), Plus(input, Times(r, _products[at])));
                _units[at] = Plus(n, Times(z, Minus(StateBefore(step, unit), n)));
                break;
            default:
                _units[at] = Take(0, Plain, Sum(0));
                break;
        }
    }

    private Activation Plain => _cell == RecurrentCell.ReLU ? new ReLU() : new Tanh();

    /// <param name="dy">Gradient of all states, of the last, and of the last cell state; null where nothing reads them.</param>
    /// <returns>The gradients of what the steps read, and of what was before the first of them.</returns>
    public (Estimate Input, Estimate State, Estimate Cell) Backward(LayerRun run, Estimate? dy, Estimate? ofLastState, Estimate? ofLastCell)
    {
        int rows = _gates * _hidden, features = _x.Length / _positions;
        double[] ofInput = run.Tensor("weight_ih" + _suffix), ofState = run.Tensor("weight_hh" + _suffix);
        var dx = new Accumulator(_x.Length);
        Approximate[] states = new Approximate[_features], cells = new Approximate[_hidden];
        for (int step = _positions - 1; step >= 0; step--)
        {
            int position = Position(step);
            Approximate[] inputs = new Approximate[rows], products = new Approximate[rows];
            for (int feature = 0; feature < _features; feature++)
            {
                if (dy is not null)
                    states[feature] = Plus(states[feature], Approximate.Of(dy, position * _features + feature));
                if (step == _positions - 1 && ofLastState is not null)
                    states[feature] = Plus(states[feature], Approximate.Of(ofLastState, feature));
            }
            Approximate[] units = IsProjected ? Unproject(run, position, states) : states;
            for (int unit = 0; unit < _hidden; unit++)
            {
                if (step == _positions - 1 && ofLastCell is not null)
                    cells[unit] = Plus(cells[unit], Approximate.Of(ofLastCell, unit));
                BackwardUnit(step, unit, ref units[unit], ref cells[unit], inputs, products);
            }
            AddToWeights(run, step, inputs, products);
            // What flows past the products is of the units, which no layer with a projection has.
            if (IsProjected)
                Array.Clear(states);
            var sums = new Accumulator(_features);
            for (int row = 0; row < rows; row++)
            {
                for (int i = 0; i < features; i++)
                    dx.Add(position * features + i, inputs[row].Value, inputs[row].Error, ofInput[row * features + i], 0);
                for (int feature = 0; feature < _features; feature++)
                    sums.Add(feature, products[row].Value, products[row].Error, ofState[row * _features + feature], 0);
            }
            Estimate flows = sums.ToEstimate();
            for (int feature = 0; feature < _features; feature++)
                states[feature] = Plus(states[feature], Approximate.Of(flows, feature));
        }
        return (dx.ToEstimate(), ToEstimate(states), ToEstimate(cells));
    }

    private void AddToWeights(LayerRun run, int step, Approximate[] inputs, Approximate[] products)
    {
        int position = Position(step), features = _x.Length / _positions;
        Accumulator? ofInput = run.GradientOrNull("weight_ih" + _suffix), ofState = run.GradientOrNull("weight_hh" + _suffix),
            inputBias = run.GradientOrNull("bias_ih" + _suffix), stateBias = run.GradientOrNull("bias_hh" + _suffix);
        for (int row = 0; row < inputs.Length; row++)
        {
            inputBias?.Add(row, inputs[row].Value, inputs[row].Error, 1, 0);
            stateBias?.Add(row, products[row].Value, products[row].Error, 1, 0);
            for (int i = 0; i < features; i++)
            {
                int at = position * features + i;
                ofInput?.Add(row * features + i, inputs[row].Value, inputs[row].Error, _x.Values[at], _x.Errors[at]);
            }
            for (int feature = 0; feature < _features; feature++)
            {
                Approximate state = StateBefore(step, feature);
                ofState?.Add(row * _features + feature, products[row].Value, products[row].Error, state.Value, state.Error);
            }
        }
    }

    /// <param name="state">The gradient of the unit's state; then what of it goes to the one before, but by the products.</param>
    /// <param name="cell">The same of its cell state.</param>
    private void BackwardUnit(int step, int unit, ref Approximate state, ref Approximate cell, Approximate[] inputs, Approximate[] products)
    {
        int at = Position(step) * _hidden + unit;
        int Index(int number) => (Position(step) * _gates + number) * _hidden + unit;

        // An activation's own backward, with what its derivative is off by where its argument is.
        Approximate Through(Activation function, Approximate sum, Approximate gradient) => Times(gradient, Slope(function, sum));

        Approximate Gate(int number, Activation function, Approximate gradient) => Through(function, _sums[Index(number)], gradient);

        void Give(int number, Approximate gradient, Approximate ofProduct)
        {
            inputs[number * _hidden + unit] = gradient;
            products[number * _hidden + unit] = ofProduct;
        }

        switch (_cell)
        {
            case RecurrentCell.LSTM:
                Approximate i = _values[Index(0)], f = _values[Index(1)], g = _values[Index(2)], o = _values[Index(3)];
                cell = Plus(cell, Through(new Tanh(), _cells[at], Times(state, o)));
                Approximate[] gradients =
                [
                    Gate(0, new Sigmoid(), Times(cell, g)), Gate(1, new Sigmoid(), Times(cell, CellBefore(step, unit))),
                    Gate(2, new Tanh(), Times(cell, i)), Gate(3, new Sigmoid(), Times(state, Apply(new Tanh(), _cells[at]))),
                ];
                for (int number = 0; number < gradients.Length; number++)
                    Give(number, gradients[number], gradients[number]);
                (state, cell) = (default, Times(cell, f));
                break;
            case RecurrentCell.GRU:
                Approximate r = _values[Index(0)], z = _values[Index(1)], n = _values[Index(2)];
                Approximate ofN = Gate(2, new Tanh(), Times(state, Minus(Approximate.Exact(1), z)));
                Approximate ofR = Gate(0, new Sigmoid(), Times(ofN, _products[at])),
                    ofZ = Gate(1, new Sigmoid(), Times(state, Minus(StateBefore(step, unit), n)));
                Give(0, ofR, ofR);
                Give(1, ofZ, ofZ);
                Give(2, ofN, Times(ofN, r));
                state = Times(state, z);
                break;
            default:
                Approximate gradient = Gate(0, Plain, state);
                Give(0, gradient, gradient);
                state = default;
                break;
        }
    }

    private static Estimate ToEstimate(ReadOnlySpan<Approximate> all)
    {
        var result = new Estimate(all.Length);
        for (int i = 0; i < all.Length; i++)
            (result.Values[i], result.Errors[i]) = all[i];
        return result;
    }
}
