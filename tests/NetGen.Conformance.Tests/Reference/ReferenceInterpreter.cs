using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Reference;

/// <summary>
/// Runs a network's graph forward and backward in double precision, sample by sample where no layer looks at the batch. What a layer
/// computes stands in its own file; here values go to the layers that read them, and gradients back, where those of one value add up.
/// </summary>
internal sealed class ReferenceInterpreter
{
    private readonly Stack _stack;
    private readonly DropoutScale? _dropout;
    private readonly IReadOnlyList<ParameterInfo> _infos;
    private readonly Dictionary<string, double[]> _parameters = [];

    public ReferenceInterpreter(Stack stack, IReadOnlyList<double[]> parameters, DropoutScale? dropout = null)
    {
        _stack = stack;
        _dropout = dropout;
        _infos = stack.Parameters;
        Assert.Equal(_infos.Count, parameters.Count);
        for (int i = 0; i < parameters.Count; i++)
        {
            Assert.Equal(_infos[i].Length, parameters[i].Length);
            _parameters.Add(_infos[i].Name, parameters[i]);
        }
    }

    public ReferenceInterpreter(Stack stack, IReadOnlyList<float[]> parameters, DropoutScale? dropout = null)
        : this(stack, parameters.Select(Doubles).ToArray(), dropout)
    {
    }

    /// <summary>
    /// By how much of itself a program may round each operand of a product: nothing by default. It counts as error of every sum of
    /// products; which of them a program computes so is not known here.
    /// </summary>
    public double OperandRounding { get; init; }

    /// <summary>Results for the first n samples, for each n asked for: the samples are run once.</summary>
    public IReadOnlyList<ReferenceResult> Run(ReadOnlySpan<float> input, Target target, params ReadOnlySpan<int> counts) =>
        Run([Doubles(input.ToArray())], [target], counts);

    /// <param name="inputs">For each input of the network its samples, one behind the other.</param>
    /// <param name="targets">For each of <see cref="Stack.Comparisons"/>.</param>
    public IReadOnlyList<ReferenceResult> Run(
        IReadOnlyList<float[]> inputs, IReadOnlyList<Target> targets, params ReadOnlySpan<int> counts) =>
        Run([.. inputs.Select(Doubles)], targets, counts);

    /// <summary>What a session gives for one sample, by output.</summary>
    public IReadOnlyList<Estimate> Evaluate(IReadOnlyList<float[]> sample)
    {
        using IDisposable rounding = Accumulator.RoundOperands(OperandRounding);
        var pass = new Pass(_parameters, IsTraining: false, 0, _dropout, []);
        Stack own = _stack.OfSample(0);
        return [.. Forward(own, Samples(own, [.. sample.Select(Doubles)], 0, 1), pass, []).Select(output => output[0])];
    }

    /// <inheritdoc cref="Run(IReadOnlyList{float[]}, IReadOnlyList{Target}, ReadOnlySpan{int})"/>
    public IReadOnlyList<ReferenceResult> Run(
        IReadOnlyList<double[]> inputs, IReadOnlyList<Target> targets, params ReadOnlySpan<int> counts)
    {
        using IDisposable rounding = Accumulator.RoundOperands(OperandRounding);
        Assert.Equal(_stack.Inputs.Count, inputs.Count);
        Assert.Equal(_stack.Comparisons.Count, targets.Count);
        // A network that normalises by its batch, or compares its samples, gives other results for every number of samples.
        Assert.False(_stack is { ReadsBatch: true, HasLengths: true },
            "Statistics of samples of different lengths are no network of the tests.");
        if (_stack.ReadsBatch)
            return counts.ToArray().Select(count => RunBatches(inputs, targets, count, count, [count])[0]).ToArray();
        int total = 0;
        foreach (int count in counts)
            total = Math.Max(total, count);
        return RunBatches(inputs, targets, 1, total, counts);
    }

    /// <summary>Runs batches one after the other, and sums up after those where a count asked for is reached.</summary>
    private List<ReferenceResult> RunBatches(
        IReadOnlyList<double[]> inputs, IReadOnlyList<Target> targets, int batch, int total, ReadOnlySpan<int> counts)
    {
        var results = new List<ReferenceResult>();
        Estimate[] outputs = [.. _stack.Outputs.Select(port => new Estimate(_stack.Elements(port, total)))];
        Estimate[] evaluations = _stack.HasBatchStatistics
            ? [.. _stack.Outputs.Select(port => new Estimate(_stack.Elements(port, total)))]
            : outputs;
        // What a loss is divided by is known at the end only, so that each has sums of its own.
        LossGradients[] sums = [.. _stack.Comparisons.Select(comparison => new LossGradients(_stack, comparison, _parameters, total))];
        for (int first = 0; first < total; first += batch)
        {
            var pass = new Pass(_parameters, IsTraining: true, first, _dropout, []);
            var runs = new List<LayerRun>();
            // With lengths of its own a sample has a graph of its own.
            Stack own = _stack.OfSample(first);
            Estimate[][] y = Forward(own, Samples(own, inputs, first, batch), pass, runs);
            for (int i = 0; i < sums.Length; i++)
            {
                IReadOnlyList<Port> compared = sums[i].Comparison.Outputs;
                Estimate[][] dy = sums[i].Add([.. compared.Select(output =>
                    y[_stack.Outputs.ToList().FindIndex(port => port.Name == output.Name)])], targets[i], first);
                IReadOnlyList<Port> ownCompared = [.. compared.Select(output => own.Outputs.Single(port => port.Name == output.Name))];
                Dictionary<Value, Estimate[]> gradients = Backward(runs, ownCompared, dy, sums[i].Parameters);
                for (int input = 0; input < inputs.Count; input++)
                {
                    // An input that reaches the result nowhere keeps a gradient of zero.
                    if (gradients.TryGetValue(own.Inputs[input].Value, out Estimate[]? dx))
                        Copy(dx, sums[i].Inputs[input], _stack.Elements(_stack.Inputs[input], first));
                }
            }
            Copy(y, outputs, first);
            if (evaluations != outputs)
            {
                Copy(Forward(own, Samples(own, inputs, first, batch), new Pass(_parameters, false, first, _dropout, []), []), evaluations,
                    first);
            }

            int done = first + batch;
            if (counts.Contains(done))
                results.Add(Sum(done, sums, outputs, evaluations, pass.Buffers));
        }
        return results;
    }

    private ReferenceResult Sum(
        int done, LossGradients[] sums, Estimate[] outputs, Estimate[] evaluations, Dictionary<string, Estimate> buffers) =>
        new(done, First(outputs, done), sums.Sum(sum => sum.Loss(done)), sums.Sum(sum => sum.LossError(done)),
            [
                .. _stack.Inputs.Select((port, i) => LossGradients.Total(
                    sums.Select(sum => First(sum.Inputs[i], _stack.Elements(port, done), sum.Scale(done))))),
            ],
            [
                .. _infos.Select(p => LossGradients.Total(
                    sums.Select(sum => sum.Parameters[p.Name].ToEstimate(sum.Scale(done))))),
            ])
        {
            Evaluations = First(evaluations, done),
            Scales = [.. sums.Where(sum => sum.Comparison.Loss is not null).Select(sum => sum.Scale(done))],
            SampleLosses = [.. sums.Where(sum => sum.Comparison.Loss is not null).Select(sum => sum.Samples(done))],
            Buffers = buffers,
        };

    private Estimate[] First(Estimate[] outputs, int samples) =>
        [.. _stack.Outputs.Select((port, i) => First(outputs[i], _stack.Elements(port, samples), 1))];

    /// <param name="values">What is known: the inputs.</param>
    /// <param name="runs">The layers' runs in their order are added to it, for backward.</param>
    /// <returns>By output, then by sample.</returns>
    private static Estimate[][] Forward(Stack stack, Dictionary<Value, Estimate[]> values, Pass pass, List<LayerRun> runs)
    {
        foreach (Node node in stack.Operations)
        {
            var run = new LayerRun(node, [.. node.Inputs.Select(input => values[input])], pass);
            Estimate[][] outputs = run.Forward();
            for (int i = 0; i < outputs.Length; i++)
                values.Add(node.Outputs[i], outputs[i]);
            runs.Add(run);
        }
        return [.. stack.Outputs.Select(output => values[output.Value])];
    }

    /// <returns>Of every value that a gradient reaches, the sum of what its readers send.</returns>
    private static Dictionary<Value, Estimate[]> Backward(
        List<LayerRun> runs, IReadOnlyList<Port> outputs, Estimate[][] dy, Dictionary<string, Accumulator> parameterGradients)
    {
        var gradients = new Dictionary<Value, Estimate[]>();
        for (int i = 0; i < outputs.Count; i++)
            Send(outputs[i].Value, dy[i]);
        foreach (LayerRun run in Enumerable.Reverse(runs))
        {
            Estimate[]?[] arrived = [.. run.Node.Outputs.Select(output => gradients.GetValueOrDefault(output))];
            if (arrived.All(gradient => gradient is null))
                continue;
            Estimate[]?[] sent = run.Backward(arrived, parameterGradients);
            for (int i = 0; i < sent.Length; i++)
            {
                if (sent[i] is { } gradient)
                    Send(run.Node.Inputs[i], gradient);
            }
        }
        return gradients;

        void Send(Value value, Estimate[] gradient)
        {
            bool isFirst = !gradients.TryGetValue(value, out Estimate[]? others);
            gradients[value] = isFirst ? gradient : [.. others!.Zip(gradient, Estimate.Add)];
        }
    }

    /// <param name="own">The graph of the samples.</param>
    private Dictionary<Value, Estimate[]> Samples(Stack own, IReadOnlyList<double[]> inputs, int first, int count)
    {
        var values = new Dictionary<Value, Estimate[]>();
        for (int input = 0; input < inputs.Count; input++)
        {
            int size = own.Inputs[input].Shape.Size, start = _stack.Elements(_stack.Inputs[input], first);
            values.Add(own.Inputs[input].Value,
                [.. Enumerable.Range(0, count).Select(i => Estimate.Exact(inputs[input].AsSpan(start + i * size, size)))]);
        }
        return values;
    }

    private void Copy(Estimate[][] from, Estimate[] to, int first)
    {
        for (int i = 0; i < from.Length; i++)
            Copy(from[i], to[i], _stack.Elements(_stack.Outputs[i], first));
    }

    /// <param name="start">Elements in front of the samples.</param>
    private static void Copy(Estimate[] from, Estimate to, int start)
    {
        for (int i = 0; i < from.Length; i++)
        {
            from[i].Values.CopyTo(to.Values, start + i * from[i].Length);
            from[i].Errors.CopyTo(to.Errors, start + i * from[i].Length);
        }
    }

    private static Estimate First(Estimate all, int count, double scale)
    {
        var result = new Estimate(count);
        for (int i = 0; i < count; i++)
        {
            result.Values[i] = all.Values[i] * scale;
            result.Errors[i] = all.Errors[i] * Math.Abs(scale);
        }
        return result;
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, x => (double)x);
}
