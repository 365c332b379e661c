using NetGen.Conformance.Tests.Golden;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>Parameters to files and back, and from files that a PyTorch script wrote.</summary>
public sealed class FileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netgen").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("lenet")]
    [InlineData("residual")]
    [InlineData("residual_nested")]
    [InlineData("image_pool_ce")]
    public void Saved_parameters_come_back_bit_for_bit(string name)
    {
        GoldenFile golden = GoldenFile.Read(name);
        ICompiledNetwork compiled = CompiledNetworks.Golden(name);
        INetworkInstance net = NetworkChecker.CreateWith(compiled, golden.Stack, golden.Parameters);
        string path = Path.Combine(_folder, name + ".safetensors");
        net.Network.Save(path);

        INetworkInstance loaded = compiled.Load(path), overwritten = compiled.Create(99);
        overwritten.Network.LoadParameters(path);
        for (int p = 0; p < golden.Parameters.Length; p++)
        {
            Assert.Equal(golden.Parameters[p], loaded.LayerParameters[p].ToArray());
            Assert.Equal(golden.Parameters[p], overwritten.LayerParameters[p].ToArray());
        }
        Assert.Equal(new[] { path }, Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("image_pool_ce")]
    [InlineData("residual_nested")]
    public void Files_of_PyTorch_scripts_are_read(string name)
    {
        GoldenFile golden = GoldenFile.Read(name);
        INetworkInstance net = CompiledNetworks.Golden(name).Load(Path.Combine(GoldenFile.Folder, name + ".parameters.safetensors"));
        var output = new float[golden.Count * golden.Stack.Output.Size];
        using ISessionAdapter session = net.CreateSession(golden.Count);
        session.Forward(golden.Input, output);
        ReferenceResult estimate = new ReferenceInterpreter(golden.Stack, golden.Parameters).Run(golden.Input, golden.Target,
            golden.Count)[0];
        golden.Check("output", Array.ConvertAll(output, v => (double)v), estimate.Output.Errors);
    }

    [Fact]
    public void A_trained_network_predicts_the_same_after_a_round_trip()
    {
        Stack stack = Stack.Parse("in:3x8x8 conv:5,k3,p1 relu max:k2 flatten linear:17 tanh linear:4 ce");
        ICompiledNetwork compiled = CompiledNetworks.Of(stack);
        INetworkInstance net = compiled.Create(1);
        float[] input = Numbers.Uniform(2, 9 * stack.Input.Size);
        Target target = Target.For(stack, 3, 9);
        using ITrainerAdapter trainer = net.CreateTrainer(9, new Adam(0.01f));
        for (int i = 0; i < 5; i++)
            trainer.Step(input, target.Labels, target.Values);
        string path = Path.Combine(_folder, "trained.safetensors");
        net.Network.Save(path);

        float[] expected = new float[36], actual = new float[36];
        using (ISessionAdapter session = net.CreateSession(9))
            session.Forward(input, expected);
        using (ISessionAdapter session = compiled.Load(path).CreateSession(9))
            session.Forward(input, actual);
        Assert.Equal(expected, actual);
    }

    /// <summary>A session made before the parameters were loaded or set uses the new ones: parameters are shared.</summary>
    [Fact]
    public void Sessions_see_parameters_that_are_set_later()
    {
        Stack stack = Stack.Parse("in:3 linear:2,nobias");
        INetworkInstance net = CompiledNetworks.Of(stack).Create(1);
        using ISessionAdapter session = net.CreateSession();
        var output = new float[2];
        net.LayerParameters[0].CopyFrom([1, 2, 3, 4, 5, 6]);
        session.Forward([1, 10, 100], output);
        Assert.Equal([321f, 654f], output);
        net.LayerParameters[0].Fill(1);
        session.Forward([1, 10, 100], output);
        Assert.Equal([111f, 111f], output);
    }

    [Fact]
    public void A_file_of_another_network_is_refused_and_changes_nothing()
    {
        INetworkInstance net = CompiledNetworks.Golden("residual_nested").Create(5);
        float[][] before = net.LayerParameters.Select(p => p.ToArray()).ToArray();
        string path = Path.Combine(GoldenFile.Folder, "image_pool_ce.parameters.safetensors");
        SafeTensorsException exception = Assert.Throws<SafeTensorsException>(() => net.Network.LoadParameters(path));
        Assert.Contains("image_pool_ce.parameters.safetensors", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, net.LayerParameters.Select(p => p.ToArray()));
    }
}
