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

    /// <summary>Results for the first n samples, for each n asked for: the samples are run once.</summary>
    public IReadOnlyList<ReferenceResult> Run(ReadOnlySpan<float> input, Target target, params ReadOnlySpan<int> counts) =>
        Run([Doubles(input.ToArray())], target, counts);

    /// <summary>What a session gives for one sample.</summary>
    public Estimate Evaluate(ReadOnlySpan<float> sample)
    {
        var pass = new Pass(_parameters, IsTraining: false, 0, _dropout, []);
        return Forward(new() { [_stack.Inputs[0]] = [Estimate.Exact(sample)] }, pass, [])[0];
    }

    /// <param name="inputs">For each input of the network its samples, one behind the other.</param>
    public IReadOnlyList<ReferenceResult> Run(IReadOnlyList<double[]> inputs, Target target, params ReadOnlySpan<int> counts)
    {
        Assert.Equal(_stack.Inputs.Count, inputs.Count);
        // A network that normalises by its batch gives other results for every number of samples.
        if (_stack.HasBatchStatistics)
            return counts.ToArray().Select(count => RunBatches(inputs, target, count, count, [count])[0]).ToArray();
        int total = 0;
        foreach (int count in counts)
            total = Math.Max(total, count);
        return RunBatches(inputs, target, 1, total, counts);
    }

    /// <summary>Runs batches one after the other, and sums up after those where a count asked for is reached.</summary>
    private List<ReferenceResult> RunBatches(IReadOnlyList<double[]> inputs, Target target, int batch, int total, ReadOnlySpan<int> counts)
    {
        int outputSize = _stack.Output.Size;
        var results = new List<ReferenceResult>();
        var outputs = new Estimate(total * outputSize);
        Estimate evaluations = _stack.HasBatchStatistics ? new Estimate(total * outputSize) : outputs;
        Estimate[] inputGradients = [.. _stack.Inputs.Select(value => new Estimate(total * value.Shape.Size))];
        var parameterGradients = _parameters.ToDictionary(p => p.Key, p => new Accumulator(p.Value.Length, correlated: true));
        SampleLoss sum = SampleLoss.Zero;

        for (int first = 0; first < total; first += batch)
        {
            var pass = new Pass(_parameters, IsTraining: true, first, _dropout, []);
            var runs = new List<LayerRun>();
            Estimate[] y = Forward(Samples(inputs, first, batch), pass, runs);
            SampleLoss[] losses = [.. y.Select((output, i) => Loss.OfSample(_stack.Loss, _stack.Output, output, target, first + i))];
            sum = losses.Aggregate(sum, (before, loss) => before.Plus(loss));
            Dictionary<Value, Estimate[]> gradients = Backward(runs, [.. losses.Select(loss => loss.Gradient)], parameterGradients);
            Copy(y, outputs, first);
            for (int input = 0; input < inputGradients.Length; input++)
            {
                // An input that reaches the result nowhere keeps a gradient of zero.
                if (gradients.TryGetValue(_stack.Inputs[input], out Estimate[]? dx))
                    Copy(dx, inputGradients[input], first);
            }
            if (evaluations != outputs)
                Copy(Forward(Samples(inputs, first, batch), pass with { IsTraining = false }, []), evaluations, first);

            int done = first + batch;
            if (!counts.Contains(done))
                continue;
            double divisor = Loss.Divisor(_stack.Loss, sum.Divisor, done), scale = divisor == 0 ? 0 : 1 / divisor;
            results.Add(new ReferenceResult(done, First(outputs, done * outputSize, 1), sum.Loss / divisor, sum.Error / Math.Abs(divisor),
                [.. inputGradients.Select((gradient, i) => First(gradient, done * _stack.Inputs[i].Shape.Size, scale))],
                [.. _infos.Select(p => parameterGradients[p.Name].ToEstimate(scale))])
            {
                Evaluation = First(evaluations, done * outputSize, 1),
                Buffers = pass.Buffers,
            });
        }
        return results;
    }

    /// <param name="values">What is known: the inputs.</param>
    /// <param name="runs">The layers' runs in their order are added to it, for backward.</param>
    private Estimate[] Forward(Dictionary<Value, Estimate[]> values, Pass pass, List<LayerRun> runs)
    {
        foreach (Node node in _stack.Operations)
        {
            var run = new LayerRun(node, [.. node.Inputs.Select(input => values[input])], pass);
            Estimate[][] outputs = run.Forward();
            for (int i = 0; i < outputs.Length; i++)
                values.Add(node.Outputs[i], outputs[i]);
            runs.Add(run);
        }
        return values[_stack.Result];
    }

    /// <returns>Of every value that a gradient reaches, the sum of what its readers send.</returns>
    private Dictionary<Value, Estimate[]> Backward(List<LayerRun> runs, Estimate[] dy, Dictionary<string, Accumulator> parameterGradients)
    {
        var gradients = new Dictionary<Value, Estimate[]> { [_stack.Result] = dy };
        foreach (LayerRun run in Enumerable.Reverse(runs))
        {
            Estimate[]?[] arrived = [.. run.Node.Outputs.Select(output => gradients.GetValueOrDefault(output))];
            if (arrived.All(gradient => gradient is null))
                continue;
            Estimate[]?[] sent = run.Backward(arrived, parameterGradients);
            for (int i = 0; i < sent.Length; i++)
            {
                if (sent[i] is not { } gradient)
                    continue;
                Value input = run.Node.Inputs[i];
                bool isFirst = !gradients.TryGetValue(input, out Estimate[]? others);
                gradients[input] = isFirst ? gradient : [.. others!.Zip(gradient, Estimate.Add)];
            }
        }
        return gradients;
    }

    private Dictionary<Value, Estimate[]> Samples(IReadOnlyList<double[]> inputs, int first, int count)
    {
        var values = new Dictionary<Value, Estimate[]>();
        for (int input = 0; input < inputs.Count; input++)
        {
            int size = _stack.Inputs[input].Shape.Size;
            values.Add(_stack.Inputs[input],
                [.. Enumerable.Range(first, count).Select(i => Estimate.Exact(inputs[input].AsSpan(i * size, size)))]);
        }
        return values;
    }

    private static void Copy(Estimate[] from, Estimate to, int first)
    {
        for (int i = 0; i < from.Length; i++)
        {
            from[i].Values.CopyTo(to.Values, (first + i) * from[i].Length);
            from[i].Errors.CopyTo(to.Errors, (first + i) * from[i].Length);
        }
    }

    private static Estimate First(Estimate all, int count, double scale)
    {
        var result = new Estimate(count);
        for (int i = 0; i < count; i++)
        {
            result.Values[i] = all.Values[i] * scale;
            result.Errors[i] = all.Errors[i] * scale;
        }
        return result;
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, x => (double)x);
}
