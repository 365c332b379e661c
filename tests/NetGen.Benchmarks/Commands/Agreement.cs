using NetGen.Benchmarks.Contenders;
using NetGen.Benchmarks.Networks;
using NetGen.Benchmarks.Reporting;

namespace NetGen.Benchmarks.Commands;

/// <summary>Contenders that should compute the same do not; timing them would say nothing.</summary>
internal sealed class DisagreementException(string message) : Exception(message);

/// <summary>Before anything is timed: with the same parameters and input, do all contenders compute the same?</summary>
internal static class Agreement
{
    /// <summary>Allowed difference, relative to 1 + |value|: float32 sums of a few thousand terms in other orders.</summary>
    private const float Tolerance = 1e-4f;

    /// <summary>Allowed relative difference of losses: Adam's first steps divide by small numbers.</summary>
    private const float LossTolerance = 1e-3f;

    /// <summary>
    /// Likewise for deep networks, whose loss falls to a fraction within a step, so that rounding is multiplied from step to step. The
    /// conformance tests compare them with PyTorch in double precision.
    /// </summary>
    private const float DeepLossTolerance = 3e-2f;

    /// <summary>No multiple of a vector width or register tile, so that every remainder path runs too.</summary>
    private const int Batch = 37;

    public static void Verify(Workload workload, PeerInstallation peers, Options options, MarkdownReport report)
    {
        Samples samples = workload.Samples(Batch);
        var outputs = new List<(string Name, float[] Values)>();
        foreach (int threads in options.Threads)
        {
            float[] values = NetGenContender.Infer(workload, Batch, threads, options.VectorBits, peers.ParameterFile(workload));
            outputs.Add(($"NetGen ({threads} thread{(threads == 1 ? "" : "s")})", values));
        }

        if (peers.OnnxRuntime is not null)
        {
            using OnnxRuntimeInference inference = peers.CreateOnnxRuntime(workload, threads: 1, Batch);
            inference.Forward();
            outputs.Add(("ONNX Runtime", inference.Output.ToArray()));
        }

        foreach (PyTorchProcess process in peers.Processes(threads: 1))
            outputs.Add((process.Name, process.Infer(workload.Name, samples)));
        if (outputs.Count < 2)
            return;

        (string referenceName, float[] reference) = outputs[^1];
        float worst = 0;
        foreach ((string name, float[] values) in outputs)
            worst = Math.Max(worst, Compare(workload, name, values, referenceName, reference));
        report.Line($"- {workload.Name}: outputs of {string.Join(", ", outputs.Select(output => output.Name))} agree "
            + $"within {worst:0.0e-0} on {Batch} samples");
    }

    /// <summary>
    /// The first training steps from the same parameters: forward, loss, backward and Adam are the same computation if
    /// the losses stay together. Not for networks with dropout, whose masks come from other generators.
    /// </summary>
    public static void VerifyTraining(Workload workload, PeerInstallation peers, Options options, MarkdownReport report)
    {
        if (workload.HasDropout)
            return;
        foreach (PyTorchProcess process in peers.Processes(threads: 1))
            VerifyTraining(workload, process, peers, options, report);
    }

    private static void VerifyTraining(
        Workload workload, PyTorchProcess process, PeerInstallation peers, Options options, MarkdownReport report)
    {
        const int Steps = 5;
        int batch = workload.TrainingBatch;
        float[] expected = process.Losses(workload.Name, Steps, workload.Samples(batch), workload.Labels(batch));
        foreach (int threads in options.Threads)
        {
            float[] losses =
                NetGenContender.Losses(workload, batch, Steps, threads, options.VectorBits, peers.ParameterFile(workload));
            for (int step = 0; step < Steps; step++)
            {
                if (!(Math.Abs(losses[step] - expected[step]) <= (workload.IsDeep ? DeepLossTolerance : LossTolerance)
                    * Math.Abs(expected[step])))
                    throw new DisagreementException($"{workload.Name}: training step {step + 1} on {threads} thread(s): NetGen's loss "
                        + $"is {losses[step]}, that of {process.Name} {expected[step]}.");
            }
        }

        report.Line($"- {workload.Name}: losses of the first {Steps} training steps agree with those of {process.Name}");
    }

    private static float Compare(Workload workload, string name, float[] values, string referenceName, float[] reference)
    {
        if (values.Length != reference.Length)
            throw new DisagreementException($"{workload.Name}: {name} gave {values.Length} values, {referenceName} {reference.Length}.");
        float worst = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float difference = Math.Abs(values[i] - reference[i]) / (1 + Math.Abs(reference[i]));
            if (!(difference <= Tolerance)) // NaN is a difference too
            {
                throw new DisagreementException(
                    $"{workload.Name}: sample {i / workload.OutputSize}, output {i % workload.OutputSize}: {name} "
                        + $"gave {values[i]}, {referenceName} {reference[i]}.");
            }

            worst = Math.Max(worst, difference);
        }

        return worst;
    }
}
