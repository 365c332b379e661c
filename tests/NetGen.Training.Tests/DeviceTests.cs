namespace NetGen.Training.Tests;

public sealed class DeviceTests
{
    /// <summary>The property that is missing is named before any driver is looked for.</summary>
    [Fact]
    public void ANetworkWithoutKernelsForGpus()
    {
        var net = new Classifier(seed: 1);
        Assert.Equal("This network was built without kernels for cuda:2: the project's property "
            + "<NetGenTargets>cpu;cuda</NetGenTargets> adds them.", Assert.Throws<PlatformNotSupportedException>(
            () => net.CreateSession(1, new SessionOptions { Device = Device.Cuda(2) })).Message);
        Assert.Equal("This network was built without kernels for cuda:1: the project's property "
            + "<NetGenTargets>cpu;cuda</NetGenTargets> adds them.", Assert.Throws<PlatformNotSupportedException>(
            () => net.CreateTrainer(1, new SGD(0.1f), new TrainerOptions { Device = Device.Cuda(1) })).Message);
        using Classifier.Session session = net.CreateSession(1, new SessionOptions { Device = Device.Cpu });
        Assert.Same(Device.Cpu, session.Device);
        Assert.Equal("cpu", session.Device.ToString());
    }

    /// <summary>So are precisions that the processor does not have.</summary>
    [Fact]
    public void ThePrecisionOfTheProcessor()
    {
        const string Expected = " but the processor computes in float32 alone: expected Float32, or a GPU as the Device.";
        var net = new Classifier(seed: 1);
        Refused("Precision is TF32,", () => net.CreateSession(1, new SessionOptions { Precision = Precision.TF32 }));
        Refused("Precision is BFloat16,", () => net.CreateTrainer(
            1, new SGD(0.1f), new TrainerOptions { Precision = Precision.BFloat16 }));
        Refused("Precision is TF32,", () => new LetterRecurrence(seed: 1).CreateStream(
            new SessionOptions { Precision = Precision.TF32 }));
        using Classifier.Session session = net.CreateSession(1);
        Assert.Equal(Precision.Float32, session.Precision);

        static void Refused(string beginning, Action create) => Assert.StartsWith(
            beginning + Expected, Assert.Throws<ArgumentException>(create).Message, StringComparison.Ordinal);
    }

    /// <summary>A device is refused where nothing runs on it, and not passed over.</summary>
    [Fact]
    public void WhatRunsOnTheProcessorOnly()
    {
        Assert.Equal("Streams run on the processor, and the options ask for cuda:0: of GPUs, sessions and trainers make use.",
            Assert.Throws<PlatformNotSupportedException>(
                () => new LetterRecurrence(seed: 1).CreateStream(new SessionOptions { Device = Device.Cuda() })).Message);
    }
}
