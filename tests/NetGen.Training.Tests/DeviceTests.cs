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
        using Classifier.Session session = net.CreateSession(1, new SessionOptions { Device = Device.Cpu });
        Assert.Same(Device.Cpu, session.Device);
        Assert.Equal("cpu", session.Device.ToString());
    }
}
