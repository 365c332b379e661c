using NetGen.CompilerServices;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Harness;

/// <summary>Compares a compiled network with the reference interpreter on every vector width: output, loss and all gradients.</summary>
internal static class NetworkChecker
{
    /// <summary>Vectors' edges: 1, a few, one less, exactly and one more than 16 lanes, several vectors and a rest.</summary>
    public static readonly int[] AllCounts = [1, 2, 3, 13, 16, 17, 40];

    public static IReadOnlyList<VectorWidth> Widths { get; } =
        new[] { VectorWidth.Vector512, VectorWidth.Vector256, VectorWidth.Vector128 }.Where(VectorSupport.IsSupported).ToArray();

    /// <param name="compiled">The network as it is compiled for each project.</param>
    public static void Check(
        Func<Consumer, ICompiledNetwork> compiled, Stack stack, int seed, IReadOnlyList<int>? counts = null,
            IEnumerable<Configuration>? configurations = null)
    {
        counts = (counts ?? AllCounts).Where(count => count >= stack.MinimumBatch).ToArray();
        int largest = counts.Max();
        float[][] parameters = ParameterInfo.Values(stack.Parameters, seed);
        float[][] inputs = stack.Samples(unchecked(seed * 1000), largest);
        IReadOnlyList<Target> targets = Target.All(stack, unchecked(seed * 1000 + 999), largest);
        IReadOnlyList<ReferenceResult> references = new ReferenceInterpreter(stack, parameters).Run(inputs, targets, [.. counts]);
        foreach (Configuration configuration in configurations ?? Configuration.All)
            CheckConfiguration(compiled(configuration.Consumer), stack, parameters, inputs, targets, references, configuration, seed);
    }

    /// <summary>One configuration against results for several numbers of samples, ascending, each the first of the input.</summary>
    private static void CheckConfiguration(
        ICompiledNetwork compiled, Stack stack, float[][] parameters, float[][] inputs, IReadOnlyList<Target> targets,
        IReadOnlyList<ReferenceResult> references, Configuration configuration, int seed)
    {
        int largest = references[^1].Count;
        string Where(string what) => $"{what} ({configuration}, seed {seed})\n{stack}";
        try
        {
            INetworkInstance net = CreateWith(compiled, stack, parameters);
            CheckSession(net, stack, inputs, references, configuration, Where);

            using ITrainerAdapter trainer = net.CreateTrainer(largest, new SGD(0.125f), configuration.TrainerOptions);
            configuration.CheckRuns(trainer);
            Assert.Equal(largest, trainer.BatchSize);
            trainer.Forward(GivenNaNs(stack, largest), Spans(Buffers(stack, stack.Outputs, largest)));
            trainer.BackwardFromOutput(NaNs(stack, stack.Outputs, largest), Spans(Buffers(stack, stack.Inputs, largest)));
            Restore(net, parameters);
            // From many to few; the update behind is by the gradients of the fewest.
            foreach (int missing in Missing(stack))
                CheckPasses(trainer, net, stack, parameters, inputs, targets, references[^1], missing, Where);
            foreach (ReferenceResult reference in references.Reverse())
                CheckPasses(trainer, net, stack, parameters, inputs, targets, reference, -1, Where);
            CheckUpdate(trainer, net, stack, parameters, references[0], inputs, targets, Where);
        }
        catch (Exception fault) when (fault is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException(Where("Failed"), fault);
        }
    }

    /// <summary>The ports whose span is left empty once: any, where there are several.</summary>
    private static IEnumerable<int> Missing(Stack stack) =>
        stack.IsSimple ? [] : Enumerable.Range(0, Math.Max(stack.Inputs.Count, stack.Outputs.Count));

    /// <summary>Forward and backward of a trainer on the reference's samples.</summary>
    /// <param name="missing">The output, and the input's gradient, that is not asked for where there are several; −1 for none.</param>
    private static void CheckPasses(
        ITrainerAdapter trainer, INetworkInstance net, Stack stack, float[][] parameters, float[][] inputs,
        IReadOnlyList<Target> targets, ReferenceResult reference, int missing, Func<string, string> where)
    {
        int n = reference.Count;
        GuardedBuffer[] outputs = Buffers(stack, stack.Outputs, n), inputGradients = Buffers(stack, stack.Inputs, n);
        int missingOutput = stack.Outputs.Count > 1 ? missing : -1, missingInput = stack.Inputs.Count > 1 ? missing : -1;
        trainer.Forward(Given(stack, inputs, n), Spans(outputs, missingOutput));
        Compare(stack.Outputs, outputs, reference.Outputs, port => where($"training {port} of {n} samples"), missingOutput);
        foreach (Parameter buffer in net.LayerParameters.Where(p => reference.Buffers.ContainsKey(p.Name)))
            Compare(buffer.ToArray(), reference.Buffers[buffer.Name], where($"{buffer.Name} after a forward pass of {n} samples"), 0);
        Restore(net, parameters);
        if (stack.Losses.Count == 0)
        {
            trainer.BackwardFromOutput(
                Misaligned(stack, stack.Outputs, [.. targets.Select(target => target.Values)], n), Spans(inputGradients, missingInput));
        }
        else
        {
            CheckLoss(trainer.Backward(Labels(targets, n, stack), Values(targets, n, stack), Spans(inputGradients, missingInput)), reference,
                where($"loss of {n} samples"));
            CheckSampleLosses(trainer, stack, reference, where);
        }
        foreach (int input in stack.FloatInputs.Where(input => input != missingInput))
        {
            Compare(inputGradients[input], reference.InputGradients[input], where($"gradient of {stack.Inputs[input].Name}, {n} samples"),
                stack.Inputs[input].Shape.Size);
        }
        IReadOnlyList<Parameter> gradients = trainer.Gradients;
        Assert.Equal(stack.WithGradient.Select(p => stack.Parameters[p].Name), gradients.Select(gradient => gradient.Name));
        foreach ((int p, Parameter gradient) in stack.WithGradient.Zip(gradients))
            Compare(gradient.ToArray(), reference.ParameterGradients[p], where($"gradient of {gradient.Name}, {n} samples"), 0);
    }

    /// <summary>Each loss by itself, and each sample of it.</summary>
    private static void CheckSampleLosses(ITrainerAdapter trainer, Stack stack, ReferenceResult reference, Func<string, string> where)
    {
        double[][] losses = trainer.AllSampleLosses;
        Assert.Equal(stack.Losses.Count, losses.Length);
        for (int i = 0; i < losses.Length; i++)
        {
            string what = where($"{stack.Losses[i].Word} of {reference.Count} samples one by one");
            Deviations.Compare<double>(losses[i], reference.SampleLosses[i], what, 1);
        }
    }

    private static void CheckSession(
        INetworkInstance net, Stack stack, float[][] inputs, IReadOnlyList<ReferenceResult> references, Configuration configuration,
            Func<string, string> where)
    {
        int largest = references[^1].Count;
        using ISessionAdapter session = net.CreateSession(largest, configuration.SessionOptions);
        configuration.CheckRuns(session);
        Assert.Equal(largest, session.MaxBatch);
        // What NaN leaves behind in unused lanes and rows must not reach anybody's result.
        session.Forward(GivenNaNs(stack, largest), Spans(Buffers(stack, stack.Outputs, largest)));
        // From many to few, so that stale samples lie behind the live ones.
        foreach (ReferenceResult reference in references.Reverse())
        {
            GuardedBuffer[] outputs = Buffers(stack, stack.Outputs, reference.Count);
            session.Forward(Given(stack, inputs, reference.Count), Spans(outputs));
            Compare(stack.Outputs, outputs, reference.Evaluations, port => where($"{port} of {reference.Count} samples"));
            if (stack.Outputs.Count > 1)
            {
                ReadOnlyMemory<float>[] samples = Given(stack, inputs, reference.Count);
                PartialForwards.Check(session.Session, stack, samples, outputs, reference.Count, where);
            }
        }
    }

    /// <summary>Buffers move with every forward pass of training: back to what they were.</summary>
    private static void Restore(INetworkInstance net, float[][] parameters)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            if (net.LayerParameters[i].Kind is ParameterKind.Buffer or ParameterKind.Counter)
                net.LayerParameters[i].CopyFrom(parameters[i]);
        }
    }

    /// <summary>A step of plain SGD moves each parameter by rate · gradient; without a loss, Update does by the last gradients.</summary>
    private static void CheckUpdate(
        ITrainerAdapter trainer, INetworkInstance net, Stack stack, float[][] parameters, ReferenceResult reference,
        float[][] inputs, IReadOnlyList<Target> targets, Func<string, string> where)
    {
        int n = reference.Count;
        double rate = trainer.Optimizer.LearningRate;
        if (stack.Losses.Count == 0)
        {
            // The last run, above, was the one with the fewest samples.
            trainer.Update();
        }
        else
        {
            float loss = trainer.Step(Given(stack, inputs, n), Labels(targets, n, stack), Values(targets, n, stack));
            CheckLoss(loss, reference, where($"loss of a step with {n} samples"));
        }
        for (int p = 0; p < parameters.Length; p++)
        {
            Estimate gradient = reference.ParameterGradients[p];
            if (stack.Parameters[p].IsFrozen)
            {
                Assert.True(parameters[p].AsSpan().SequenceEqual(net.LayerParameters[p].ToArray()),
                    where($"{net.LayerParameters[p].Name} is frozen and was changed"));
                continue;
            }
            if (!stack.Parameters[p].IsLearned)
            {
                // An update moves no buffer; a whole step moves it as a forward pass does.
                Estimate buffer = stack.Losses.Count == 0 ? Estimate.Exact(parameters[p]) : reference.Buffers[stack.Parameters[p].Name];
                Compare(net.LayerParameters[p].ToArray(), buffer, where($"{net.LayerParameters[p].Name} after a step with {n} samples"), 0);
                continue;
            }
            var expected = new Estimate(gradient.Length);
            for (int i = 0; i < gradient.Length; i++)
            {
                expected.Values[i] = parameters[p][i] - rate * gradient.Values[i];
                expected.Errors[i] = rate * gradient.Errors[i] + Estimate.Unit * Math.Abs(expected.Values[i]);
            }
            Compare(net.LayerParameters[p].ToArray(), expected, where($"{net.LayerParameters[p].Name} after a step with {n} samples"), 0);
        }
        // What a step leaves in the parameters is what a new session sees.
        using ISessionAdapter session = net.CreateSession(1, new SessionOptions { VectorWidth = trainer.VectorWidth });
        GuardedBuffer[] outputs = Buffers(stack, stack.Outputs, 1);
        session.Forward(Given(stack, inputs, 1), Spans(outputs));
        float[][] moved = net.LayerParameters.Select(p => p.ToArray()).ToArray();
        float[][] sample = [.. inputs.Select((values, i) => values[..stack.Elements(stack.Inputs[i], 1)])];
        Compare(stack.Outputs, outputs, new ReferenceInterpreter(stack, moved).Evaluate(sample), port => where($"{port} after a step"));
    }

    /// <summary>A network with these parameters, once names, shapes and the way in and out have been checked.</summary>
    public static INetworkInstance CreateWith(ICompiledNetwork compiled, Stack stack, float[][] parameters)
    {
        Assert.Equal(stack.Inputs.Select(port => port.Shape.Size), compiled.InputSizes);
        Assert.Equal(stack.Outputs.Select(port => port.Shape.Size), compiled.OutputSizes);
        Assert.Equal(stack.Inputs.Select(port => port.Shape.Dimensions), compiled.InputShapes);
        Assert.Equal(stack.Outputs.Select(port => port.Shape.Dimensions), compiled.OutputShapes);
        Assert.Equal(stack.Parameters.Where(p => p.IsLearned).Sum(p => p.Length), compiled.ParameterCount);

        INetworkInstance net = compiled.Create(1);
        IReadOnlyList<Parameter> all = net.Parameters, byLayer = net.LayerParameters;
        Assert.Equal(stack.Parameters.Select(p => p.Name), all.Select(p => p.Name));
        for (int i = 0; i < all.Count; i++)
        {
            // A part is a network of its own, which has another object for the same tensor, and calls it as it does by itself.
            if (byLayer[i].Name == stack.Parameters[i].Name)
                Assert.Same(all[i], byLayer[i]);
            else
                Assert.EndsWith("." + byLayer[i].Name, all[i].Name, StringComparison.Ordinal);
            Assert.Equal(stack.Parameters[i].Shape, all[i].Shape.ToArray());
            all[i].CopyFrom(parameters[i]);
        }
        for (int i = 0; i < all.Count; i++)
        {
            Assert.True(parameters[i].AsSpan().SequenceEqual(all[i].ToArray()) && parameters[i].AsSpan().SequenceEqual(byLayer[i].ToArray()),
                $"{all[i].Name} does not give back what was copied into it.\n{stack}");
        }
        return net;
    }

    public static ReadOnlySpan<int> Labels(Target target, int count) => target.Labels.Length == 0 ? [] : target.Labels.AsSpan(0, count);

    public static ReadOnlySpan<float> Values(Target target, int count, Stack stack) =>
        target.Values.Length == 0 ? [] : target.Values.AsSpan(0, stack.Elements(stack.Outputs[0], count));

    public static ReadOnlyMemory<int>[] Labels(IReadOnlyList<Target> targets, int count, Stack stack) =>
    [
        .. targets.Zip(stack.Comparisons, (target, comparison) => target.Labels.Length == 0
            ? default : new ReadOnlyMemory<int>(target.Labels, 0, Target.LabelsOf(stack, comparison, count))),
    ];

    public static ReadOnlyMemory<float>[] Values(IReadOnlyList<Target> targets, int count, Stack stack) =>
    [
        .. targets.Zip(stack.Comparisons, (target, comparison) => target.Values.Length == 0
            ? default
            : new ReadOnlyMemory<float>(target.Values, 0, stack.Elements(stack.Outputs.First(port => port.Name == comparison.Output.Name), count))),
    ];

    private static GuardedBuffer[] Buffers(Stack stack, IReadOnlyList<Port> ports, int count) =>
        [.. ports.Select(port => new GuardedBuffer(stack.Elements(port, count)))];

    /// <param name="missing">One that is empty instead.</param>
    private static Memory<float>[] Spans(GuardedBuffer[] buffers, int missing = -1) =>
        [.. buffers.Select((buffer, i) => i == missing ? default : buffer.Memory)];

    private static void Compare(
        IReadOnlyList<Port> ports, GuardedBuffer[] actual, IReadOnlyList<Estimate> expected, Func<string, string> what, int missing = -1)
    {
        for (int i = 0; i < ports.Count; i++)
        {
            if (i != missing)
                Compare(actual[i], expected[i], what(ports[i].Name), ports[i].Shape.Size);
        }
    }

    public static void CheckLoss(double actual, ReferenceResult reference, string what)
    {
        if (double.IsNaN(reference.Loss))
        {
            Assert.True(double.IsNaN(actual), $"{what}: {actual:R}, expected NaN.");
            return;
        }
        double tolerance = Estimate.Tolerance * (reference.LossError + 2 * Estimate.Unit * Math.Abs(reference.Loss));
        Assert.True(Math.Abs(actual - reference.Loss) <= tolerance, $"{what}: {actual:R}, expected {reference.Loss:R} ± {tolerance:G3}.");
    }

    private static void Compare(GuardedBuffer actual, Estimate expected, string what, int sampleSize)
    {
        Compare(actual.Span, expected, what, sampleSize);
        actual.CheckEdges(what);
    }

    public static void Compare(ReadOnlySpan<float> actual, Estimate expected, string what, int sampleSize) =>
        Deviations.Compare(actual, expected, what, sampleSize);

    /// <summary>Ints are zeros, since none is NaN.</summary>
    private static ReadOnlyMemory<float>[] NaNs(Stack stack, IReadOnlyList<Port> ports, int count) =>
    [
        .. ports.Select(port =>
            (ReadOnlyMemory<float>)Enumerable.Repeat(port.IsInts ? 0 : float.NaN, stack.Elements(port, count)).ToArray()),
    ];

    /// <summary>The same as what a call is given.</summary>
    private static ReadOnlyMemory<float>[] GivenNaNs(Stack stack, int count) => WithLengths(stack, NaNs(stack, stack.Inputs, count), count);

    /// <summary>What a call is given of the first samples: the inputs, and behind them the lengths that the network takes.</summary>
    public static ReadOnlyMemory<float>[] Given(Stack stack, float[][] inputs, int count) =>
        WithLengths(stack, Misaligned(stack, stack.Inputs, inputs, count), count);

    public static ReadOnlyMemory<float>[] WithLengths(Stack stack, IEnumerable<ReadOnlyMemory<float>> inputs, int count) =>
        [.. inputs, .. stack.Axes.Select(axis => (ReadOnlyMemory<float>)stack.LengthsOf(axis, count))];

    /// <summary>Copies that start one float past an array's beginning: callers' spans are aligned to nothing.</summary>
    private static ReadOnlyMemory<float>[] Misaligned(Stack stack, IReadOnlyList<Port> ports, float[][] values, int count)
    {
        var copies = new ReadOnlyMemory<float>[ports.Count];
        for (int i = 0; i < copies.Length; i++)
        {
            var copy = new float[stack.Elements(ports[i], count) + 1];
            values[i].AsSpan(0, copy.Length - 1).CopyTo(copy.AsSpan(1));
            copies[i] = copy.AsMemory(1);
        }
        return copies;
    }
}
