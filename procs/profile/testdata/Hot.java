/** Two threads that spend their time in one function each, of which the second is called from several. */
public class Hot {
    static int sum;

    static int work(int rounds) {
        int h = (int) 2166136261L;
        for (int i = 0; i < rounds; i++) h = (h ^ i) * 16777619;
        return h;
    }

    public static void main(String[] args) throws Exception {
        Thread burns = new Thread(() -> { while (true) sum += work(1_000_000); }, "vert.x-eventloop-thread-0");
        burns.setDaemon(true);
        burns.start();
        System.out.println("ready");
        System.in.read();
    }
}
