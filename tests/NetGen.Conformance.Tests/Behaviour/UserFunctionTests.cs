using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>What a function of the user's gives is passed on as it is.</summary>
public sealed class UserFunctionTests
{
    [Fact]
    public void Infinities_and_NaN_are_passed_on()
    {
        foreach (CodeForm form in CodeForm.All)
            Check(form);
    }

    private static void Check(CodeForm form)
    {
        const int Count = 7;
        float[] input = [-1, 0, 1, float.PositiveInfinity, float.NaN, 0, -2], output = new float[Count], slopes = new float[Count];
        float[] gradients = [1, 1, 1, 1, 1, 0, 0];
        using ITrainerAdapter trainer = CompiledNetworks.Of(Stack.Parse($"in:{Count} user:logarithm"), form.Consumer).Create(1)
            .CreateTrainer(1, new SGD(0.1f), new TrainerOptions { VectorWidth = form });
        trainer.Forward(input, output);
        trainer.BackwardFromOutput(gradients, slopes);
        Assert.Equal([float.NaN, float.NegativeInfinity, 0, float.PositiveInfinity, float.NaN, float.NegativeInfinity, float.NaN], output);
        // Where the gradient is zero the slope, infinite at zero, does not count.
        Assert.Equal([-1, float.PositiveInfinity, 1, 0, float.NaN, 0, 0], slopes);
    }

    /// <summary>Two structures of one name are two functions, and one structure is one kernel.</summary>
    [Fact]
    public void Kernels_are_shared_by_the_name_of_the_structure()
    {
        string code = NetworkCompiler.Generate(NetworkCompiler.CreateCompilation(Consumer.Net10, """
            using NetGen;
            using UserFunctions;

            [Network(20)]
            [Linear(20), Activation<QuickGELU>, Linear(20), Activation<QuickGELU>, Linear(20), Activation<Other.QuickGELU>, Linear(20)]
            [Repeat<Unit>(8), MSELoss]
            partial class Net;

            [Block, Linear(20), Activation<QuickGELU>]
            class Unit;

            namespace Other
            {
                struct QuickGELU : IActivation
                {
                    public static V Forward<V>(V x) where V : struct, IVector<V> => x;
                    public static V Derivative<V>(V x) where V : struct, IVector<V> => 1;
                }
            }
            """), out _)["Net.Avx512.g.cs"];
        // In inference a sweep over what a linear layer has computed, in training a node of its own, and its gradient.
        Assert.Equal(2, Occurrences("ElementFunction<global::UserFunctions.QuickGELU>.Forward(x)"));
        Assert.Equal(1, Occurrences("ElementFunction<global::UserFunctions.QuickGELU>.Derivative(x)"));
        Assert.Equal(2, Occurrences("ElementFunction<global::Other.QuickGELU>.Forward(x)"));
        Assert.Equal(1, Occurrences("ElementFunction<global::Other.QuickGELU>.Derivative(x)"));

        int Occurrences(string text) => code.Split(text).Length - 1;
    }
}
