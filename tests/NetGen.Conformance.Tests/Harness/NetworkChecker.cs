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
        float[] input = Numbers.Uniform(unchecked(seed * 1000), largest * stack.Input.Size);
        Target target = Target.For(stack, unchecked(seed * 1000 + 999), largest);
        IReadOnlyList<ReferenceResult> references = new ReferenceInterpreter(stack, parameters).Run(input, target, [.. counts]);
        foreach (Configuration configuration in configurations ?? Configuration.All)
            CheckConfiguration(compiled(configuration.Consumer), stack, parameters, input, target, references, configuration, seed);
    }

    /// <summary>One configuration against results for several numbers of samples, ascending, each the first of the input.</summary>
    private static void CheckConfiguration(
        ICompiledNetwork compiled, Stack stack, float[][] parameters, float[] input, Target target,
        IReadOnlyList<ReferenceResult> references, Configuration configuration, int seed)
    {
        int largest = references[^1].Count;
        string Where(string what) => $"{what} ({configuration}, seed {seed})\n{stack}";
        try
        {
            INetworkInstance net = CreateWith(compiled, stack, parameters);
            CheckSession(net, stack, input, references, configuration, Where);

            using ITrainerAdapter trainer = net.CreateTrainer(largest, new SGD(0.125f), configuration.TrainerOptions);
            configuration.CheckRuns(trainer);
            Assert.Equal(largest, trainer.BatchSize);
            IReadOnlyList<Parameter> gradients = trainer.Gradients;
            trainer.Forward(NaNs(largest * stack.Input.Size), new float[largest * stack.Output.Size]);
            trainer.BackwardFromOutput(NaNs(largest * stack.Output.Size), new float[largest * stack.Input.Size]);
            Restore(net, parameters);
            foreach (ReferenceResult reference in references.Reverse())
            {
                int n = reference.Count;
                var output = new GuardedBuffer(n * stack.Output.Size);
                var inputGradient = new GuardedBuffer(n * stack.Input.Size);
                trainer.Forward(Misaligned(input.AsSpan(0, n * stack.Input.Size)), output.Span);
                Compare(output, reference.Output, Where($"training output of {n} samples"), stack.Output.Size);
                foreach (Parameter buffer in net.LayerParameters.Where(p => reference.Buffers.ContainsKey(p.Name)))
                    Compare(buffer.ToArray(), reference.Buffers[buffer.Name], Where($"{buffer.Name} after a forward pass of {n} samples"),
                        0);
                Restore(net, parameters);
                if (stack.Loss is null)
                    trainer.BackwardFromOutput(Misaligned(target.Values.AsSpan(0, n * stack.Output.Size)), inputGradient.Span);
                else
                    CheckLoss(trainer.Backward(Labels(target, n), Values(target, n, stack), inputGradient.Span), reference,
                        Where($"loss of {n} samples"));
                Compare(inputGradient, reference.InputGradient, Where($"input gradient of {n} samples"), stack.Input.Size);
                for (int p = 0; p < gradients.Count; p++)
                    Compare(gradients[p].ToArray(), reference.ParameterGradients[p],
                        Where($"gradient of {gradients[p].Name}, {n} samples"), 0);
            }
            CheckUpdate(trainer, net, stack, parameters, references[0], input, target, Where);
        }
        catch (Exception fault) when (fault is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException(Where("Failed"), fault);
        }
    }

    private static void CheckSession(
        INetworkInstance net, Stack stack, float[] input, IReadOnlyList<ReferenceResult> references, Configuration configuration,
            Func<string, string> where)
    {
        int largest = references[^1].Count;
        using ISessionAdapter session = net.CreateSession(largest, configuration.SessionOptions);
        configuration.CheckRuns(session);
        Assert.Equal(largest, session.MaxBatch);
        // What NaN leaves behind in unused lanes and rows must not reach anybody's result.
        session.Forward(NaNs(largest * stack.Input.Size), new float[largest * stack.Output.Size]);
        // From many to few, so that stale samples lie behind the live ones.
        foreach (ReferenceResult reference in references.Reverse())
        {
            var output = new GuardedBuffer(reference.Count * stack.Output.Size);
            session.Forward(Misaligned(input.AsSpan(0, reference.Count * stack.Input.Size)), output.Span);
            Compare(output, reference.Evaluation, where($"output of {reference.Count} samples"), stack.Output.Size);
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
        float[] input, Target target, Func<string, string> where)
    {
        int n = reference.Count;
        double rate = trainer.Optimizer.LearningRate;
        if (stack.Loss is null)
        {
            // The last run, above, was the one with the fewest samples.
            trainer.Update();
        }
        else
        {
            float loss = trainer.Step(input.AsSpan(0, n * stack.Input.Size), Labels(target, n), Values(target, n, stack));
            CheckLoss(loss, reference, where($"loss of a step with {n} samples"));
        }
        for (int p = 0; p < parameters.Length; p++)
        {
            Estimate gradient = reference.ParameterGradients[p];
            if (!stack.Parameters[p].IsLearned)
            {
                // An update moves no buffer; a whole step moves it as a forward pass does.
                Estimate buffer = stack.Loss is null ? Estimate.Exact(parameters[p]) : reference.Buffers[stack.Parameters[p].Name];
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
        var output = new float[stack.Output.Size];
        session.Forward(input.AsSpan(0, stack.Input.Size), output);
        float[][] moved = net.LayerParameters.Select(p => p.ToArray()).ToArray();
        Compare(output, new ReferenceInterpreter(stack, moved).Evaluate(input.AsSpan(0, stack.Input.Size)), where("output after a step"),
            stack.Output.Size);
    }

    /// <summary>A network with these parameters, once names, shapes and the way in and out have been checked.</summary>
    public static INetworkInstance CreateWith(ICompiledNetwork compiled, Stack stack, float[][] parameters)
    {
        Assert.Equal(stack.Input.Size, compiled.InputSize);
        Assert.Equal(stack.Output.Size, compiled.OutputSize);
        Assert.Equal(stack.Input.Dimensions, compiled.InputShape);
        Assert.Equal(stack.Output.Dimensions, compiled.OutputShape);
        Assert.Equal(stack.Parameters.Where(p => p.IsLearned).Sum(p => p.Length), compiled.ParameterCount);

        INetworkInstance net = compiled.Create(1);
        IReadOnlyList<Parameter> all = net.Network.Parameters, byLayer = net.LayerParameters;
        Assert.Equal(stack.Parameters.Select(p => p.Name), all.Select(p => p.Name));
        for (int i = 0; i < all.Count; i++)
        {
            Assert.Same(all[i], byLayer[i]);
            Assert.Equal(stack.Parameters[i].Shape, all[i].Shape.ToArray());
            all[i].CopyFrom(parameters[i]);
        }
        for (int i = 0; i < all.Count; i++)
            Assert.True(parameters[i].AsSpan().SequenceEqual(all[i].ToArray()),
                $"{all[i].Name} does not give back what was copied into it.\n{stack}");
        return net;
    }

    public static ReadOnlySpan<int> Labels(Target target, int count) => target.Labels.Length == 0 ? [] : target.Labels.AsSpan(0, count);

    public static ReadOnlySpan<float> Values(Target target, int count, Stack stack) =>
        target.Values.Length == 0 ? [] : target.Values.AsSpan(0, count * stack.Output.Size);

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

    public static void Compare(ReadOnlySpan<float> actual, Estimate expected, string what, int sampleSize)
    {
        Assert.True(actual.Length == expected.Length, $"{what}: {actual.Length} elements, expected {expected.Length}.");
        int wrong = 0, first = -1, worst = -1;
        double worstExcess = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            // Below float32's normal numbers rounding is absolute.
            double tolerance = Estimate.Tolerance * expected.Errors[i] + Estimate.Unit * Math.Abs(expected.Values[i]) + 1e-36;
            double difference = Math.Abs(actual[i] - expected.Values[i]);
            if (difference <= tolerance)
                continue;
            wrong++;
            if (first < 0)
                first = i;
            double excess = double.IsNaN(difference) ? double.PositiveInfinity : difference / tolerance;
            if (excess > worstExcess || worst < 0)
                (worst, worstExcess) = (i, excess);
        }
        if (wrong == 0)
            return;
        string Element(int i, float value) =>
            $"[{i}]{(sampleSize > 0 ? $" (sample {i / sampleSize}, element {i % sampleSize})" : "")} is {value:R}, expected {expected.Values[i]:R} ± {Estimate.Tolerance * expected.Errors[i]:G3}";
        Assert.Fail($"{what}: {wrong} of {actual.Length} elements wrong; first {Element(first, actual[first])}; worst, {worstExcess:G3} times the tolerance, {Element(worst, actual[worst])}.");
    }

    private static float[] NaNs(int length)
    {
        var values = new float[length];
        Array.Fill(values, float.NaN);
        return values;
    }

    /// <summary>A copy that starts one float past an array's beginning: callers' spans are aligned to nothing.</summary>
    private static ReadOnlySpan<float> Misaligned(ReadOnlySpan<float> values)
    {
        var copy = new float[values.Length + 1];
        values.CopyTo(copy.AsSpan(1));
        return copy.AsSpan(1);
    }
}
