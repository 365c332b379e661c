using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>All products of an element of one vector and one of another: a thread for each.</summary>
internal sealed class OuterProductCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        int first = node.Inputs[0].Shape.Size, second = node.Inputs[1].Shape.Size;
        CudaKernel kernel = selection.Kernel(node, (node.Op, first, second), EachElementKernel.Threads, name => EachElementKernel.Write(
            name, node.Title, ["first", "second"], (writer, pointers, element) =>
        {
            var place = new ElementPlace(writer, element, [first, second]);
            return writer.Multiply(writer.Element(pointers[0], place.In([first, 1]), "a"),
                writer.Element(pointers[1], place.In([1, second]), "b"), "product");
        }));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(node.Output!.Shape.Size),
            selection.Of(node.Inputs[0]), selection.Of(node.Inputs[1]), selection.Of(node.Output));
    }
}

/// <summary>Products of matrices: a thread for each sum.</summary>
internal sealed class ContractionCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node) => Select(selection, node, ((ContractionOp)node.Op).Indices);

    public static void Select(CudaSelection selection, Node node, ContractionIndices indices)
    {
        TensorShape left = node.Inputs[0].Shape, right = node.Inputs[1].Shape, result = node.Output!.Shape;
        object key = (indices, left.Dimensions, right.Dimensions, result.Dimensions);
        CudaKernel kernel = selection.Kernel(node, key, EachElementKernel.Threads,
            name => new ContractionKernel(indices, left, right, result).Write(name, node.Title));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(result.Size),
            selection.Of(node.Inputs[0]), selection.Of(node.Inputs[1]), selection.Of(node.Output));
    }
}
