using NetGen.Conformance.Tests.Declared;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>
/// The JIT's limits, which <see cref="NetworkCompiler"/> holds for every network that the tests compile. Here are those that are deep
/// enough to exceed them, and those that the project itself declares.
/// </summary>
public sealed class JitBudgetTests
{
    /// <summary>
    /// Deep in each way: values that all live at once, layers in one loop over the samples, batches that are met at, gradients,
    /// prepared weights.
    /// </summary>
    private static readonly Dictionary<string, string> Deep = new()
    {
        ["ResidualPairs"] = "in:16 " + Times(32, "res[ linear:16 relu linear:16 ] relu") + "linear:3 ce",
        ["Linears"] = "in:8 " + Times(160, "linear:8 tanh") + "mse",
        ["ResidualImages"] = "in:5x4x4 " + Times(48, "res[ conv:5,k3,p1 relu conv:5,k3,p1 ] relu") + "flatten linear:3 ce",
        ["Convolutions"] = "in:16x4x4 " + Times(64, "conv:16,k3,p1 gelu") + "flatten linear:3 ce",
        ["Transposed"] = "in:16x3x3 " + Times(48, "convt:16,k1 layernorm silu") + "mse",
    };

    public static TheoryData<string> DeepNetworks => new(Deep.Keys);

    [Theory, MemberData(nameof(DeepNetworks))]
    public void Deep_networks_stay_within_the_budget_and_compute_what_they_should(string name)
    {
        Stack stack = Stack.Parse(Deep[name], "Deep" + name);
        NetworkChecker.Check(consumer => CompiledNetworks.Of(stack, consumer), stack, 5, [1, 17]);
    }

    /// <summary>
    /// Sixty-four normalisations in a row make a chaos of rounding errors: the reference can tell nothing, but all threads must agree.
    /// </summary>
    [Theory]
    [InlineData("in:16x4x4 ", "conv:16,k1 bn relu", "flatten linear:3 ce")]
    [InlineData("in:6 ", "linear:6 bn relu", "linear:3 ce")]
    public void Deep_networks_of_normalisations_stay_within_the_budget_and_train_alike_on_all_threads(string input, string layers,
        string end)
    {
        Stack stack = Stack.Parse(input + Times(64, layers) + end, "DeepNormalized");
        ICompiledNetwork compiled = CompiledNetworks.Of(stack);
        Assert.Equal(Train(1), Train(3));

        float[] Train(int threads)
        {
            INetworkInstance net = compiled.Create(seed: 3);
            using ITrainerAdapter trainer = net.CreateTrainer(17, new SGD(0.01f), new TrainerOptions { Threads = threads });
            float loss = trainer.Step(Numbers.Uniform(7, 17 * stack.Input.Size), Numbers.Labels(8, 17, 3), []);
            Assert.True(float.IsFinite(loss), $"The loss is {loss}.");
            return [loss, .. net.LayerParameters.SelectMany(parameter => parameter.ToArray())];
        }
    }

    [Fact]
    public void Declared_networks_stay_within_the_budget()
    {
        int methods = JitBudget.Check(typeof(ResNet50).Assembly, type => type.Namespace == "NetGen.Generated"
            || typeof(INetwork).IsAssignableFrom(Outermost(type)));
        Assert.True(methods > 1000, $"Only {methods} methods were found.");
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static string Times(int count, string layers) => string.Concat(Enumerable.Repeat(layers + " ", count));
}
