using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>Masks that hide keys: −∞ means that a key is not there, and a query that has none gives zeros and has no gradient.</summary>
public sealed class AttentionMaskTests
{
    private const int Batch = 3;

    [Theory]
    [InlineData("in@x:19x16 in@m:19x19 from:x attention:x,x,heads2,mask=m out:y mse:of=y")]
    [InlineData("in@x:40x10 in@m:2x40x40 from:x linear@q:10 linear:10 attention:q,q,heads2,causal,mask=m out:y mse:of=y")]
    [InlineData("in@x:33x16 in@m:1x33 from:x linear:16 attention:x,x,heads2,causal,window5,alibi,mask=m out:y mse:of=y")]
    public void Hidden_keys_and_queries_without_keys_agree_with_the_reference(string text)
    {
        Stack stack = Stack.Parse(text);
        float[][] parameters = ParameterInfo.Values(stack.Parameters, 9), inputs = stack.Samples(10, Batch);
        Hide(inputs[1], stack.Inputs[1].Shape.Dimensions[^1]);
        IReadOnlyList<Target> targets = Target.All(stack, 11, Batch);
        ReferenceResult reference = new ReferenceInterpreter(stack, parameters).Run(inputs, targets, Batch)[0];
        Assert.Contains(0, reference.Outputs[0].Values);
        foreach (Configuration configuration in Configuration.All)
        {
            INetworkInstance net = NetworkChecker.CreateWith(CompiledNetworks.Of(stack, configuration.Consumer), stack, parameters);
            using ITrainerAdapter trainer = net.CreateTrainer(Batch, new SGD(0.1f), configuration.TrainerOptions);
            float[][] outputs = [new float[Batch * stack.Outputs[0].Shape.Size]];
            float[][] gradients = [.. inputs.Select(input => new float[input.Length])];
            trainer.Forward([.. inputs.Select(input => (ReadOnlyMemory<float>)input)], Memories(outputs));
            NetworkChecker.Compare(outputs[0], reference.Outputs[0], $"{text}, {configuration}", stack.Outputs[0].Shape.Size);
            trainer.Backward(NetworkChecker.Labels(targets, Batch, stack), NetworkChecker.Values(targets, Batch, stack), Memories(gradients));
            for (int i = 0; i < inputs.Length; i++)
            {
                NetworkChecker.Compare(gradients[i], reference.InputGradients[i],
                    $"gradient of {stack.Inputs[i].Name}, {text}, {configuration}", stack.Inputs[i].Shape.Size);
            }
            for (int p = 0; p < parameters.Length; p++)
                NetworkChecker.Compare(trainer.Gradients[p].ToArray(), reference.ParameterGradients[p], stack.Parameters[p].Name, 0);
        }
    }

    /// <summary>Every third key, and of every fifth row all of them.</summary>
    private static void Hide(float[] mask, int keys)
    {
        for (int i = 0; i < mask.Length; i++)
        {
            if (i % 3 == 0 || i / keys % 5 == 1)
                mask[i] = float.NegativeInfinity;
        }
    }

    private static Memory<float>[] Memories(float[][] buffers) => [.. buffers.Select(buffer => buffer.AsMemory())];
}
